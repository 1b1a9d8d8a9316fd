-- How many people are over their threshold.
SELECT count(*) AS people FROM person_over
