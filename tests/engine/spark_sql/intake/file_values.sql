WITH gone AS (
  SELECT
    file_id
  FROM line
  GROUP BY
    file_id
  HAVING
    COUNT(*) = SUM(CAST(CASE WHEN superseded THEN 1 ELSE 0 END AS DECIMAL(38, 0)))
), sized AS (
  SELECT
    f.file_id,
    ABS(r.submitted_pence) AS pence,
    r.fault <> '' AND NOT (
      :blank_total_kept AND r.fault = 'total cost is blank'
    ) AS rejected,
    r.point_of_delivery = 'Unmapped' AS unmapped,
    NOT n.person_key IS NULL AND m.point_of_delivery IS NULL AS nobody
  FROM canonical AS r
  JOIN activity_file AS f
    ON f.canonical = r.filename
  LEFT JOIN nobody AS n
    ON n.person_key = UPPER(r.person_key)
  LEFT JOIN money_only AS m
    ON m.point_of_delivery = r.point_of_delivery
  WHERE
    NOT f.file_id IN (
      SELECT
        file_id
      FROM gone
    )
)
SELECT
  file_id,
  CAST(COALESCE(SUM(pence), 0) AS BIGINT) AS value,
  COUNT(pence) AS readable,
  CAST(COALESCE(SUM(CASE WHEN rejected THEN pence END), 0) AS BIGINT) AS rejected_value,
  CAST(COALESCE(SUM(CASE WHEN NOT rejected AND unmapped THEN pence END), 0) AS BIGINT) AS unmapped_value,
  CAST(COALESCE(SUM(CASE WHEN NOT rejected AND nobody THEN pence END), 0) AS BIGINT) AS nobody_value
FROM sized
GROUP BY
  file_id
ORDER BY
  file_id NULLS LAST
