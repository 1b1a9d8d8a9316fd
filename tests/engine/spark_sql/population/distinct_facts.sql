SELECT DISTINCT
  age,
  conditions,
  bmi_limits,
  lists
FROM person_fact
ORDER BY
  age NULLS LAST,
  conditions NULLS LAST,
  bmi_limits NULLS LAST,
  lists NULLS LAST
