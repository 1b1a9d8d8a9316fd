SELECT DISTINCT
  provider
FROM judged_line
WHERE
  fate = 'charged'
ORDER BY
  provider NULLS LAST
