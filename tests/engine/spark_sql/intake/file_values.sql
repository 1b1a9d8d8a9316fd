WITH gone AS (
  SELECT
    file_id
  FROM line_part
  GROUP BY
    file_id
  HAVING
    COUNT(*) = SUM(CAST(CASE WHEN superseded THEN 1 ELSE 0 END AS DECIMAL(38, 0)))
), sized AS (
  SELECT
    f.file_id,
    p.size_pence AS pence,
    p.readable,
    k.fault IS NULL AS rejected,
    p.point_of_delivery = 'Unmapped' AS unmapped,
    p.nobody AND m.point_of_delivery IS NULL AS nobody
  FROM canonical_part AS p
  JOIN activity_file AS f
    ON f.parts = p.filename
  LEFT JOIN kept_fault AS k
    ON k.fault = p.fault
  LEFT JOIN money_only AS m
    ON m.point_of_delivery = p.point_of_delivery
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
  CAST(SUM(readable) AS BIGINT) AS readable,
  CAST(COALESCE(SUM(CASE WHEN rejected THEN pence END), 0) AS BIGINT) AS rejected_value,
  CAST(COALESCE(SUM(CASE WHEN NOT rejected AND unmapped THEN pence END), 0) AS BIGINT) AS unmapped_value,
  CAST(COALESCE(SUM(CASE WHEN NOT rejected AND nobody THEN pence END), 0) AS BIGINT) AS nobody_value
FROM sized
GROUP BY
  file_id
ORDER BY
  file_id NULLS LAST
