SELECT
  COUNT(*) AS rows
FROM (
  SELECT
    from_day,
    LAG(to_day) OVER (PARTITION BY person_id ORDER BY from_day NULLS LAST, to_day NULLS LAST) AS earlier_end
  FROM presence
)
WHERE
  from_day < earlier_end
