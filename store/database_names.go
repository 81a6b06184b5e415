package store

import "plaza/store/database"

type (
	scanner   = database.Row
	statement = database.Statement
)

var (
	eachRow           = database.EachRow
	into              = database.Into
	placeholders      = database.Placeholders
	arguments         = database.Arguments
	validText         = database.ValidText
	isUniqueViolation = database.IsUniqueViolation
	isNullViolation   = database.IsNullViolation
)
