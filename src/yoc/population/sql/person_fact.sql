-- What the segment rules ask of each person on each test day: age in whole years, which of the contract's conditions
-- (as bits), which limits of body mass index they are over (as bits), which of the contract's lists name them (as bits).
-- Only people alive in the world by then.
CREATE OR REPLACE TABLE person_fact AS
WITH resident AS (SELECT DISTINCT person_id FROM attributed),
born AS (
    SELECT p.person_id, t.test_day, DATE '1970-01-01' + p.birth_day AS birth, DATE '1970-01-01' + t.test_day AS tested,
           p.bmi_hundredths
    FROM resident JOIN read_person p USING (person_id) CROSS JOIN test_period t
    WHERE p.fault = '' AND p.birth_day <= t.test_day),
ill AS (
    SELECT c.person_id, t.test_day, bit_or(c.bit) AS conditions
    FROM read_condition c JOIN test_period t ON c.day <= t.test_day
    WHERE c.fault = '' AND c.bit IS NOT NULL
    GROUP BY c.person_id, t.test_day),
heavy AS (
    SELECT b.person_id, b.test_day, sum(l.bit) AS bmi_limits
    FROM born b JOIN bmi_limit l ON b.bmi_hundredths > l.hundredths
    GROUP BY b.person_id, b.test_day),
named AS (
    SELECT s.person_id, t.test_day, bit_or(s.bit) AS lists
    FROM read_segment_list s JOIN test_period t ON s.from_day <= t.test_day AND t.test_day < s.to_day
    WHERE s.fault = '' AND s.person_id IS NOT NULL
    GROUP BY s.person_id, t.test_day)
SELECT b.person_id, b.test_day,
       year(b.tested) - year(b.birth)
           - CASE WHEN month(b.tested) * 100 + day(b.tested) < month(b.birth) * 100 + day(b.birth) THEN 1 ELSE 0 END AS age,
       CAST(coalesce(i.conditions, 0) AS BIGINT) AS conditions,
       CAST(coalesce(h.bmi_limits, 0) AS BIGINT) AS bmi_limits,
       CAST(coalesce(n.lists, 0) AS BIGINT) AS lists
FROM born b
LEFT JOIN ill i USING (person_id, test_day)
LEFT JOIN heavy h USING (person_id, test_day)
LEFT JOIN named n USING (person_id, test_day)
