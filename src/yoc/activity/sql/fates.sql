-- Every line by fate: counts and submitted pence, with what is needed to say why. Nothing is left out.
SELECT l.fate,
       CASE WHEN l.fate IN ('out_of_scope', 'not_counted', 'other_commissioner', 'no_person')
            THEN d.reason ELSE '' END AS detail,
       d.provider, CAST(sum(l.lines) AS BIGINT) AS lines, CAST(sum(l.submitted_pence) AS BIGINT) AS submitted_pence
FROM line_cell l JOIN decision d ON d.combination_id = l.combination_id
GROUP BY ALL ORDER BY fate, detail, d.provider
