SELECT
  o.overlap_id,
  COUNT(DISTINCT f.person_id) AS people
FROM person_fact AS f
JOIN fact_overlap AS o
  ON o.age = f.age
  AND o.conditions = f.conditions
  AND o.bmi_limits = f.bmi_limits
  AND o.lists = f.lists
GROUP BY
  o.overlap_id
ORDER BY
  o.overlap_id NULLS LAST
