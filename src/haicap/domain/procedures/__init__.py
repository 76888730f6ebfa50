"""The catalogue of administrative procedures: what each asks for, costs and takes, as data with versions."""
