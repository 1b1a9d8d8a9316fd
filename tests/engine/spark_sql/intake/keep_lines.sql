CREATE OR REPLACE TABLE loaded_line AS
SELECT
  f.file_id,
  CAST(r.row_number AS INT) AS row_number,
  r.line_id,
  CASE WHEN NOT nobody.person_key IS NULL THEN 0 ELSE COALESCE(p.person_id, -1) END AS person_id,
  c.combination_id,
  r.period,
  r.day,
  r.quantity_thousandths,
  r.submitted_pence
FROM canonical AS r
JOIN activity_file AS f
  ON f.canonical = r.filename
JOIN combination AS c
  USING (provider, commissioner, point_of_delivery, tariff_code, treatment_function, specialised_service, national_tariff, data_set, cost_basis, not_counted)
LEFT JOIN person_key AS p
  ON p.person_key = r.person_key
LEFT JOIN nobody
  ON nobody.person_key = UPPER(r.person_key)
WHERE
  r.fault = '' OR (
    :blank_total_kept AND r.fault = 'total cost is blank'
  )
