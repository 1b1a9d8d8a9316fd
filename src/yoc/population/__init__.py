"""Registrations and the contract's rules become presence by host and segment, and counted units of the year."""

from yoc.population.count import Counted, HostPeriod, count_people
