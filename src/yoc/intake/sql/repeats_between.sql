-- The same care in two data sets: one provider, spell or attendance, day and point of delivery, as where a spell is in
-- contract monitoring and in the Secondary Uses Service. The data set that was loaded first has place 1, all its lines.
CREATE OR REPLACE TABLE repeat_between AS
WITH told AS (
    SELECT c.provider, c.point_of_delivery, c.data_set, l.episode_id, l.day, l.file_id, l.row_number, l.load,
           l.submitted_pence
    FROM kept_line l JOIN combination c ON c.combination_id = l.combination_id
    WHERE l.episode_id <> '' AND c.not_counted = '' AND NOT (l.submitted_pence IS NULL AND l.amount_rule = 'blank')),
shared AS (
    SELECT provider, episode_id, day, point_of_delivery
    FROM told GROUP BY provider, episode_id, day, point_of_delivery
    HAVING min(data_set) <> max(data_set)),
found AS (
    SELECT first_value(CAST(t.file_id AS BIGINT) * 4294967296 + t.row_number) OVER (
               PARTITION BY t.provider, t.episode_id, t.day, t.point_of_delivery
               ORDER BY t.load, t.file_id, t.row_number) AS group_id,
           t.data_set, t.file_id, t.row_number, t.load, t.submitted_pence
    FROM told t
    JOIN shared s ON s.provider = t.provider AND s.episode_id = t.episode_id AND s.day = t.day
                 AND s.point_of_delivery = t.point_of_delivery),
first_of AS (
    SELECT group_id, data_set, min(CAST(load AS BIGINT) * 1000000 + file_id) AS first_load
    FROM found GROUP BY group_id, data_set),
ranked AS (
    SELECT group_id, data_set, row_number() OVER (PARTITION BY group_id ORDER BY first_load) AS place
    FROM first_of)
SELECT 'other_data_set' AS class, f.group_id, k.place, f.file_id, f.row_number, f.submitted_pence
FROM found f JOIN ranked k ON k.group_id = f.group_id AND k.data_set = f.data_set
