-- The distinct dates of the three files about people, which are read one by one in Python.
SELECT birth_date AS text FROM persons_file UNION SELECT death_date FROM persons_file
UNION SELECT from_date FROM registrations_file UNION SELECT to_date FROM registrations_file
UNION SELECT diagnosis_date FROM conditions_file
