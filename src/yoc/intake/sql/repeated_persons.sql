-- People with more than one row in the persons file: how many, and the first such row.
SELECT count(*) AS people, min(first_row) AS first_row
FROM (SELECT min(row_number) AS first_row FROM read_person WHERE fault = '' GROUP BY person_id HAVING count(*) > 1)
