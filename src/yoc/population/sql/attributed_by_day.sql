-- Each day of residence is the host's under which it was lived.
CREATE OR REPLACE TABLE attributed AS
SELECT person_id, host_id, from_day, to_day FROM residence
