"""The Sơn La demonstration: a staffed province with nine months of synthetic dossiers, from nothing."""
