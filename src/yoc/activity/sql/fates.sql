-- Every line by fate: counts and submitted pence, with what is needed to say why. Nothing is left out.
SELECT l.fate, CASE WHEN l.fate IN ('out_of_scope', 'not_counted') THEN d.reason ELSE '' END AS detail, l.provider,
       count(*) AS lines, CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM judged_line l JOIN decision d USING (combination_id)
GROUP BY ALL ORDER BY fate, detail, provider
