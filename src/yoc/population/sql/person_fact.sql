-- What the segment rules ask of each person on each test day: age in whole years, which of the contract's conditions
-- (as bits), which limits of body mass index they are over (as bits), which of the contract's lists name them (as bits).
-- Only people alive in the world by then. A day as a number such as 20260401 tells an age by one subtraction; what a person
-- had by the first test day they have on every one.
CREATE OR REPLACE TABLE person_fact AS
WITH heavy AS (
    SELECT w.bmi_hundredths, CAST(sum(l.bit) AS BIGINT) AS bmi_limits
    FROM (SELECT DISTINCT bmi_hundredths FROM read_person WHERE fault = '') w
    JOIN bmi_limit l ON w.bmi_hundredths > l.hundredths
    GROUP BY w.bmi_hundredths),
born AS (
    SELECT p.person_id, p.birth_day, coalesce(h.bmi_limits, 0) AS bmi_limits,
           year(DATE '1970-01-01' + p.birth_day) * 10000 + month(DATE '1970-01-01' + p.birth_day) * 100
               + day(DATE '1970-01-01' + p.birth_day) AS born_on
    FROM read_person p LEFT JOIN heavy h ON h.bmi_hundredths = p.bmi_hundredths
    WHERE p.fault = '' AND p.person_id IN (SELECT person_id FROM attributed)),
ill AS (
    SELECT person_id, bit_or(bit) AS conditions
    FROM read_condition
    WHERE fault = '' AND bit IS NOT NULL AND day <= (SELECT min(test_day) FROM test_period)
    GROUP BY person_id),
ill_since AS (
    SELECT c.person_id, t.test_day, bit_or(c.bit) AS conditions
    FROM read_condition c JOIN test_period t ON c.day <= t.test_day
    WHERE c.fault = '' AND c.bit IS NOT NULL AND c.day > (SELECT min(test_day) FROM test_period)
    GROUP BY c.person_id, t.test_day),
named AS (
    SELECT s.person_id, t.test_day, bit_or(s.bit) AS lists
    FROM read_segment_list s JOIN test_period t ON s.from_day <= t.test_day AND t.test_day < s.to_day
    WHERE s.fault = '' AND s.person_id IS NOT NULL
    GROUP BY s.person_id, t.test_day),
always AS (
    SELECT b.person_id, b.birth_day, b.born_on, b.bmi_limits, coalesce(i.conditions, 0) AS conditions
    FROM born b LEFT JOIN ill i ON i.person_id = b.person_id)
SELECT a.person_id, t.test_day, CAST((t.tested_on - a.born_on) // 10000 AS BIGINT) AS age,
       CAST(a.conditions | coalesce(s.conditions, 0) AS BIGINT) AS conditions, a.bmi_limits,
       CAST(coalesce(n.lists, 0) AS BIGINT) AS lists
FROM always a
JOIN test_period t ON a.birth_day <= t.test_day
LEFT JOIN ill_since s ON s.person_id = a.person_id AND s.test_day = t.test_day
LEFT JOIN named n ON n.person_id = a.person_id AND n.test_day = t.test_day
