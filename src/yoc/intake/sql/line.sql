-- The lines that count, each with its person's number: 0 is nobody (blank or a placeholder), -1 somebody on no list.
CREATE OR REPLACE TEMPORARY VIEW line AS
SELECT l.file_id, l.load, l.row_number, l.line_id, l.line_number, l.bucket, l.combination_id, l.period, l.day, l.quantity_thousandths,
       l.submitted_pence, l.episode_id,
       CASE WHEN l.person_key = '' THEN 0 ELSE coalesce(p.person_id, -1) END AS person_id
FROM kept_line l LEFT JOIN person_key p ON p.person_key = l.person_key
