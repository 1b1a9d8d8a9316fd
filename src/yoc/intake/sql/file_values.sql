-- Of each file but those of which later loads superseded every line, what its rows come to, every sum counted by its
-- size: all, those that were rejected, those whose point of delivery is not known, and those of care that belongs to
-- nobody (money that no patient stands behind left out); and how many rows hold a sum that can be read.
WITH gone AS (
    SELECT file_id FROM line_part GROUP BY file_id HAVING count(*) = sum(CASE WHEN superseded THEN 1 ELSE 0 END)),
sized AS (
    SELECT f.file_id, p.size_pence AS pence, p.readable, k.fault IS NULL AS rejected,
           p.point_of_delivery = 'Unmapped' AS unmapped, p.nobody AND m.point_of_delivery IS NULL AS nobody
    FROM canonical_part p
    JOIN activity_file f ON f.parts = p.filename
    LEFT JOIN kept_fault k ON k.fault = p.fault
    LEFT JOIN money_only m ON m.point_of_delivery = p.point_of_delivery
    WHERE f.file_id NOT IN (SELECT file_id FROM gone))
SELECT file_id, CAST(coalesce(sum(pence), 0) AS BIGINT) AS value, CAST(sum(readable) AS BIGINT) AS readable,
       CAST(coalesce(sum(CASE WHEN rejected THEN pence END), 0) AS BIGINT) AS rejected_value,
       CAST(coalesce(sum(CASE WHEN NOT rejected AND unmapped THEN pence END), 0) AS BIGINT) AS unmapped_value,
       CAST(coalesce(sum(CASE WHEN NOT rejected AND nobody THEN pence END), 0) AS BIGINT) AS nobody_value
FROM sized GROUP BY file_id ORDER BY file_id
