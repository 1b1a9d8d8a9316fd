-- The rows that were kept out: where each stands and why. Never what it holds.
SELECT f.file_id, r.row_number, r.fault
FROM canonical r JOIN activity_file f ON f.canonical = r.filename
WHERE r.fault <> '' AND NOT ($blank_total_kept AND r.fault = 'total cost is blank')
ORDER BY f.file_id, r.row_number
