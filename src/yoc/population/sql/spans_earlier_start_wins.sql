-- The regular registrations of each person where the one that began first keeps all its days: a later one begins when
-- every earlier one has ended. Of two that begin on one day the one that ends last comes first, then the practice's code
-- decides, so that the order of the rows means nothing. `first_day` and `end_day` are what the file says.
CREATE OR REPLACE TABLE span AS
WITH followed AS (
    SELECT person_id, practice, row_number, from_day AS first_day, to_day AS end_day,
           max(to_day) OVER (PARTITION BY person_id ORDER BY from_day, to_day DESC, practice, row_number
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM read_registration WHERE fault = '' AND regular)
SELECT person_id, practice, row_number, greatest(first_day, coalesce(taken_until, first_day)) AS from_day,
       end_day AS to_day, first_day, end_day
FROM followed
