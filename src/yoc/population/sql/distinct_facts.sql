-- The distinct facts; each is decided once by the contract's rules.
SELECT age, conditions, bmi_limits, lists, count(DISTINCT person_id) AS people
FROM person_fact GROUP BY age, conditions, bmi_limits, lists ORDER BY age, conditions, bmi_limits, lists
