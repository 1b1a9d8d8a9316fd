-- The distinct dates of the files about people, which are read one by one in Python.
SELECT birth_date AS text FROM persons_file UNION SELECT death_date FROM persons_file
UNION SELECT from_date FROM registrations_file UNION SELECT to_date FROM registrations_file
UNION SELECT diagnosis_date FROM conditions_file
UNION SELECT coalesce(from_date, '') FROM segment_lists_file UNION SELECT coalesce(to_date, '') FROM segment_lists_file
