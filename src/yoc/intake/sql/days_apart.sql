-- Lines whose day lies after the month that is stated for them, or long before it. Never what they hold.
SELECT l.file_id, l.row_number, l.day >= p.next_day AS is_after, l.submitted_pence
FROM kept_line l JOIN period_days p ON p.period = l.period
WHERE l.day >= p.next_day OR l.day < p.earliest_day
ORDER BY l.file_id, l.row_number
