CREATE OR REPLACE TEMPORARY VIEW line_in_hand AS
SELECT
  l.file_id,
  0 AS row_number,
  l.line_id,
  l.combination_id,
  l.period,
  l.day,
  l.quantity_thousandths,
  l.submitted_pence,
  CASE WHEN l.person_key = '' THEN 0 ELSE COALESCE(p.person_id, -1) END AS person_id,
  p.birth_day,
  p.gone_day,
  FALSE AS aside
FROM kept_line AS l
JOIN bucket_in_hand AS b
  ON b.bucket = l.bucket
LEFT JOIN person_in_hand AS p
  ON p.person_key = l.person_key
