-- The rows that were kept out: where each stands and why. Never what it holds.
SELECT f.file_id, r.row_number, r.fault
FROM canonical r JOIN activity_file f ON f.canonical = r.filename
WHERE r.fault <> '' AND r.fault NOT IN (SELECT fault FROM kept_fault)
ORDER BY f.file_id, r.row_number
