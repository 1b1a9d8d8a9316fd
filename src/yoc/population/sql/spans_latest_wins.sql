-- The regular registrations of each person where a later start ends the earlier registration for good, whenever the later
-- one ends. Of two that begin on one day the one that ends last counts, then the practice's code decides, so that the
-- order of the rows means nothing. `first_day` and `end_day` are what the file says.
CREATE OR REPLACE TABLE span AS
WITH followed AS (
    SELECT person_id, practice, row_number, from_day AS first_day, to_day AS end_day,
           lead(from_day) OVER (PARTITION BY person_id ORDER BY from_day, to_day, practice DESC, row_number DESC) AS next_start
    FROM read_registration WHERE fault = '' AND regular)
SELECT person_id, practice, row_number, first_day AS from_day, least(end_day, coalesce(next_start, end_day)) AS to_day,
       first_day, end_day
FROM followed
