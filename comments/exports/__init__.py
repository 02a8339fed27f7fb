"""Files for planners: a table of columns, and a transport for each format and database."""
