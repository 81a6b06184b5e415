package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
)

// messageParams returns the room and the seq of the message that a path names.
func messageParams(c echo.Context) (room, seq int64, err error) {
	if room, err = roomParam(c); err != nil {
		return 0, 0, err
	}
	if seq, err = strconv.ParseInt(c.Param("seq"), 10, 64); err != nil {
		return 0, 0, echo.NewHTTPError(http.StatusNotFound)
	}
	return room, seq, nil
}
