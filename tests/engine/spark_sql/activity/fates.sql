SELECT
  l.fate,
  CASE
    WHEN l.fate IN ('out_of_scope', 'not_counted', 'other_commissioner', 'no_person')
    THEN d.reason
    ELSE ''
  END AS detail,
  l.provider,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM judged_line AS l
JOIN decision AS d
  USING (combination_id)
GROUP BY ALL
ORDER BY
  fate NULLS LAST,
  detail NULLS LAST,
  provider NULLS LAST
