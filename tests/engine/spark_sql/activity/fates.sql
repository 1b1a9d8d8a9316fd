SELECT
  l.fate,
  CASE
    WHEN l.fate IN ('out_of_scope', 'not_counted', 'other_commissioner', 'no_person')
    THEN d.reason
    ELSE ''
  END AS detail,
  d.provider,
  CAST(SUM(l.lines) AS BIGINT) AS lines,
  CAST(SUM(l.submitted_pence) AS BIGINT) AS submitted_pence
FROM line_cell AS l
JOIN decision AS d
  ON d.combination_id = l.combination_id
GROUP BY ALL
ORDER BY
  fate NULLS LAST,
  detail NULLS LAST,
  d.provider NULLS LAST
