-- A copy of the database tells nobody anything.
UPDATE civic_gateway SET active = FALSE;
