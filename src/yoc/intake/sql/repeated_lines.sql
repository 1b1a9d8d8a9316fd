-- Lines of one provider and identifier that stand more than once. `exact`: the same in everything that is read.
-- `other_version`: of one data set, with another price, count, code, day or person. Lines of a group are told apart by
-- their place: the first in the order of loads, files and rows has place 1.
CREATE OR REPLACE TABLE repeated_line AS
WITH again AS (
    SELECT c.provider, l.line_id
    FROM line l JOIN combination c ON c.combination_id = l.combination_id
    WHERE NOT l.superseded AND l.line_id <> '' AND c.not_counted = ''
    GROUP BY c.provider, l.line_id HAVING count(*) > 1),
named AS (
    SELECT l.file_id, l.row_number, f.load, l.line_id, l.person_id, l.combination_id, l.day, l.quantity_thousandths,
           l.submitted_pence, c.provider, c.data_set
    FROM line l
    JOIN combination c ON c.combination_id = l.combination_id
    JOIN again a ON a.provider = c.provider AND a.line_id = l.line_id
    JOIN activity_file f ON f.file_id = l.file_id
    WHERE NOT l.superseded AND c.not_counted = ''),
placed AS (
    SELECT *,
           dense_rank() OVER (ORDER BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence)
               AS exact_group,
           row_number() OVER (
               PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence
               ORDER BY load, file_id, row_number) AS place,
           count(*) OVER (
               PARTITION BY line_id, combination_id, person_id, day, quantity_thousandths, submitted_pence) AS times,
           dense_rank() OVER (ORDER BY provider, data_set, line_id) AS version_group
    FROM named),
versions AS (
    SELECT file_id, row_number, version_group,
           row_number() OVER (PARTITION BY version_group ORDER BY load, file_id, row_number) AS place,
           count(*) OVER (PARTITION BY version_group) AS times
    FROM placed WHERE place = 1)
SELECT 'exact' AS class, exact_group AS group_id, place, file_id, row_number FROM placed WHERE times > 1
UNION ALL
SELECT 'other_version', version_group, place, file_id, row_number FROM versions WHERE times > 1
