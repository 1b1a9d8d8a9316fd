CREATE OR REPLACE TEMPORARY VIEW line AS
SELECT
  l.file_id,
  l.load,
  l.row_number,
  l.line_id,
  l.line_number,
  l.bucket,
  l.combination_id,
  l.period,
  l.day,
  l.quantity_thousandths,
  l.submitted_pence,
  l.episode_id,
  CASE WHEN l.person_key = '' THEN 0 ELSE COALESCE(p.person_id, -1) END AS person_id
FROM kept_line AS l
LEFT JOIN person_key AS p
  ON p.person_key = l.person_key
