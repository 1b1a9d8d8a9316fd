CREATE OR REPLACE TABLE span AS
WITH followed AS (
  SELECT
    person_id,
    practice,
    row_number,
    from_day AS first_day,
    to_day AS end_day,
    LEAD(from_day) OVER (
      PARTITION BY person_id
      ORDER BY from_day NULLS LAST, to_day NULLS LAST, practice DESC, row_number DESC
    ) AS next_start
  FROM read_registration
  WHERE
    fault = '' AND regular
)
SELECT
  person_id,
  practice,
  row_number,
  first_day AS from_day,
  LEAST(end_day, COALESCE(next_start, end_day)) AS to_day,
  first_day,
  end_day
FROM followed
