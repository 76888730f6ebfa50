"""The trail: what happened, to what, by whom; append-only, chained per subject, sealed once a day."""
