-- The distinct facts; each is decided once by the contract's rules.
SELECT DISTINCT age, conditions, bmi_limits, lists
FROM person_fact ORDER BY age, conditions, bmi_limits, lists
