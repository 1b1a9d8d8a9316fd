WITH clipped AS (
  SELECT
    person_id,
    row_number,
    GREATEST(from_day, :year_start) AS from_day,
    LEAST(to_day, :year_end) AS to_day
  FROM read_registration
  WHERE
    fault = '' AND regular
), followed AS (
  SELECT
    person_id,
    row_number,
    from_day,
    MAX(to_day) OVER (
      PARTITION BY person_id
      ORDER BY from_day NULLS LAST, row_number NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS earlier_end
  FROM clipped
  WHERE
    from_day < to_day
)
SELECT
  COUNT(DISTINCT person_id) AS people,
  MIN(row_number) AS first_row
FROM followed
WHERE
  from_day < earlier_end
