-- Lines of one provider and identifier that stand more than once. `exact`: the same in everything that is read.
-- `other_version`: of one data set, with another price, count, code, day or person. Lines of a group are told apart by
-- their place: the first in the order of loads, files and rows has place 1, and where it stands is what names the group.
-- Identifiers are first looked for by their number, which some may share, and then compared themselves.
CREATE OR REPLACE TABLE repeat_of_identifier AS
WITH again AS (
    SELECT l.line_number
    FROM kept_line l JOIN combination c ON c.combination_id = l.combination_id
    WHERE l.line_number <> 0 AND c.not_counted = ''
    GROUP BY l.line_number HAVING count(*) > 1),
named AS (
    SELECT l.file_id, l.row_number, l.load, l.line_id, l.combination_id, l.day, l.quantity_thousandths, l.submitted_pence,
           CASE WHEN l.person_key = '' THEN 0 ELSE coalesce(p.person_id, -1) END AS person_id, c.provider, c.data_set
    FROM kept_line l
    JOIN again a ON a.line_number = l.line_number
    JOIN combination c ON c.combination_id = l.combination_id
    LEFT JOIN person_key p ON p.person_key = l.person_key
    WHERE c.not_counted = ''),
placed AS (
    SELECT *,
           first_value(CAST(file_id AS BIGINT) * 4294967296 + row_number) OVER (
               PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
               ORDER BY load, file_id, row_number) AS exact_group,
           row_number() OVER (
               PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
               ORDER BY load, file_id, row_number) AS place,
           count(*) OVER (
               PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence) AS times
    FROM named),
versions AS (
    SELECT file_id, row_number, submitted_pence,
           first_value(CAST(file_id AS BIGINT) * 4294967296 + row_number) OVER (
               PARTITION BY provider, data_set, line_id ORDER BY load, file_id, row_number) AS version_group,
           row_number() OVER (PARTITION BY provider, data_set, line_id ORDER BY load, file_id, row_number) AS place,
           count(*) OVER (PARTITION BY provider, data_set, line_id) AS times
    FROM placed WHERE place = 1)
SELECT 'exact' AS class, exact_group AS group_id, place, file_id, row_number, submitted_pence FROM placed WHERE times > 1
UNION ALL
SELECT 'other_version', version_group, place, file_id, row_number, submitted_pence FROM versions WHERE times > 1
