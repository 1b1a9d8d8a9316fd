CREATE OR REPLACE TEMPORARY VIEW kept_line AS
SELECT
  f.file_id,
  f.load,
  r.row_number,
  r.line_id,
  r.line_number,
  r.person_key,
  r.bucket,
  c.combination_id,
  r.period,
  r.day,
  r.quantity_thousandths,
  r.submitted_pence,
  r.amount_rule,
  r.episode_id,
  r.start_day,
  r.apart
FROM canonical AS r
JOIN file_in_use AS f
  ON f.canonical = r.filename
JOIN combination AS c
  ON c.kind = r.kind
JOIN kept_fault AS k
  ON k.fault = r.fault
LEFT JOIN left_out_part AS o
  ON o.file_id = f.file_id
  AND o.combination_id = c.combination_id
  AND o.period = r.period
WHERE
  o.file_id IS NULL
