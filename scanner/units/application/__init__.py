"""The settings of one application of Spring Boot, Quarkus, Micronaut or MicroProfile, its files and profiles laid over each
other.

`conditions`: when a document holds. `settings_file`: a file as documents with conditions. `spring` and `smallrye`: which layers
count in which order, and which profiles are deployed. `references`: `${name:default}`. `kind`: where the files of one
application lie.
"""
