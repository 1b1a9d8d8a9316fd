-- The money of each file as submitted, all of it and the part on rejected rows; sums that cannot be read are counted.
SELECT f.file_id, CAST(sum(p.pence) AS BIGINT) AS submitted_pence,
       CAST(coalesce(sum(CASE WHEN k.fault IS NULL THEN p.pence END), 0) AS BIGINT) AS rejected_pence,
       CAST(coalesce(sum(CASE WHEN k.fault IS NULL THEN p.rows - p.readable END), 0) AS BIGINT) AS unreadable_sums
FROM canonical_part p
JOIN activity_file f ON f.parts = p.filename
LEFT JOIN kept_fault k ON k.fault = p.fault
GROUP BY f.file_id ORDER BY f.file_id
