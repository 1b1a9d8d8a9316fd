-- The lines in hand: those of some people, all lines of each of them, some of which are set aside since they repeat others.
CREATE OR REPLACE TEMPORARY VIEW line_in_hand AS
SELECT l.file_id, l.row_number, l.line_id, l.combination_id, l.period, l.day, l.quantity_thousandths, l.submitted_pence,
       CASE WHEN l.person_key = '' THEN 0 ELSE coalesce(p.person_id, -1) END AS person_id, p.birth_day, p.gone_day,
       s.file_id IS NOT NULL AS aside
FROM kept_line l
JOIN bucket_in_hand b ON b.bucket = l.bucket
LEFT JOIN person_in_hand p ON p.person_key = l.person_key
LEFT JOIN line_aside s ON s.file_id = l.file_id AND s.row_number = l.row_number
