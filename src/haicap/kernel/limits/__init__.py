"""How often one source may knock: counted in the database at strangers' doors, in the process for those who are known."""
