CREATE OR REPLACE TABLE span AS
WITH followed AS (
  SELECT
    person_id,
    practice,
    row_number,
    from_day AS first_day,
    to_day AS end_day,
    MAX(to_day) OVER (
      PARTITION BY person_id
      ORDER BY from_day NULLS LAST, to_day DESC, practice NULLS LAST, row_number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS taken_until
  FROM read_registration
  WHERE
    fault = '' AND regular
)
SELECT
  person_id,
  practice,
  row_number,
  GREATEST(first_day, COALESCE(taken_until, first_day)) AS from_day,
  end_day AS to_day,
  first_day,
  end_day
FROM followed
