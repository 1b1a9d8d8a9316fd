-- How many people each set of segments claims that claims somebody together, on whichever test day.
SELECT o.overlap_id, count(DISTINCT f.person_id) AS people
FROM person_fact f
JOIN fact_overlap o ON o.age = f.age AND o.conditions = f.conditions AND o.bmi_limits = f.bmi_limits AND o.lists = f.lists
GROUP BY o.overlap_id ORDER BY o.overlap_id
