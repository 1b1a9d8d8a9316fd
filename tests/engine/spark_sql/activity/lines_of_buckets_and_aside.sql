CREATE OR REPLACE TEMPORARY VIEW line_in_hand AS
SELECT
  l.file_id,
  l.row_number,
  l.line_id,
  l.combination_id,
  l.period,
  l.day,
  l.quantity_thousandths,
  l.submitted_pence,
  CASE WHEN l.person_key = '' THEN 0 ELSE COALESCE(p.person_id, -1) END AS person_id,
  p.birth_day,
  p.gone_day,
  NOT s.file_id IS NULL AS aside
FROM kept_line AS l
JOIN bucket_in_hand AS b
  ON b.bucket = l.bucket
LEFT JOIN person_in_hand AS p
  ON p.person_key = l.person_key
LEFT JOIN line_aside AS s
  ON s.file_id = l.file_id AND s.row_number = l.row_number
