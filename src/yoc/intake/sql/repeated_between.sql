-- The same care in two data sets: one provider, spell or attendance, day and point of delivery, as where a spell is in
-- contract monitoring and in the Secondary Uses Service. The data set that was loaded first has place 1, all its lines.
CREATE OR REPLACE TABLE repeated_line AS
WITH shared AS (
    SELECT provider, episode_id, day, point_of_delivery
    FROM canonical WHERE fault = '' AND not_counted = '' AND episode_id <> ''
    GROUP BY provider, episode_id, day, point_of_delivery
    HAVING min(data_set) <> max(data_set)),
found AS (
    SELECT dense_rank() OVER (ORDER BY r.provider, r.episode_id, r.day, r.point_of_delivery) AS group_id, r.data_set,
           l.file_id, l.row_number, f.load
    FROM canonical r
    JOIN shared s ON s.provider = r.provider AND s.episode_id = r.episode_id AND s.day = r.day
                 AND s.point_of_delivery = r.point_of_delivery
    JOIN activity_file f ON f.canonical = r.filename
    JOIN line l ON l.file_id = f.file_id AND l.row_number = r.row_number
    WHERE NOT l.superseded AND r.fault = '' AND r.not_counted = ''),
first_of AS (
    SELECT group_id, data_set, min(CAST(load AS BIGINT) * 1000000 + file_id) AS first_load
    FROM found GROUP BY group_id, data_set),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY group_id ORDER BY first_load) AS place,
           count(*) OVER (PARTITION BY group_id) AS data_sets
    FROM first_of)
SELECT class, group_id, place, file_id, row_number FROM repeated_line
UNION ALL
SELECT 'other_data_set', f.group_id, k.place, f.file_id, f.row_number
FROM found f JOIN ranked k ON k.group_id = f.group_id AND k.data_set = f.data_set
WHERE k.data_sets > 1
