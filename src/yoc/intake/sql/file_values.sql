-- Of each file but those of which later loads superseded every line, what its rows come to, every sum counted by its
-- size: all, those that were rejected, those whose point of delivery is not known, and those of care that belongs to
-- nobody (money that no patient stands behind left out); and how many rows hold a sum that can be read.
WITH gone AS (
    SELECT file_id FROM line GROUP BY file_id HAVING count(*) = sum(CASE WHEN superseded THEN 1 ELSE 0 END)),
sized AS (
    SELECT f.file_id, abs(r.submitted_pence) AS pence,
           r.fault <> '' AND NOT ($blank_total_kept AND r.fault = 'total cost is blank') AS rejected,
           r.point_of_delivery = 'Unmapped' AS unmapped,
           n.person_key IS NOT NULL AND m.point_of_delivery IS NULL AS nobody
    FROM canonical r
    JOIN activity_file f ON f.canonical = r.filename
    LEFT JOIN nobody n ON n.person_key = upper(r.person_key)
    LEFT JOIN money_only m ON m.point_of_delivery = r.point_of_delivery
    WHERE f.file_id NOT IN (SELECT file_id FROM gone))
SELECT file_id, CAST(coalesce(sum(pence), 0) AS BIGINT) AS value, count(pence) AS readable,
       CAST(coalesce(sum(CASE WHEN rejected THEN pence END), 0) AS BIGINT) AS rejected_value,
       CAST(coalesce(sum(CASE WHEN NOT rejected AND unmapped THEN pence END), 0) AS BIGINT) AS unmapped_value,
       CAST(coalesce(sum(CASE WHEN NOT rejected AND nobody THEN pence END), 0) AS BIGINT) AS nobody_value
FROM sized GROUP BY file_id ORDER BY file_id
