-- Lines whose day lies after the month that is stated for them, or long before it. Never what they hold.
SELECT file_id, row_number, apart = 1 AS is_after, submitted_pence
FROM kept_line WHERE apart > 0
ORDER BY file_id, row_number
