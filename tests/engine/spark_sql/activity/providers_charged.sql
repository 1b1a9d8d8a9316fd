SELECT DISTINCT
  d.provider
FROM line_cell AS l
JOIN decision AS d
  ON d.combination_id = l.combination_id
WHERE
  l.fate = 'charged'
ORDER BY
  d.provider NULLS LAST
