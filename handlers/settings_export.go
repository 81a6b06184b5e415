package handlers

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

const (
	// exportBatch is how many messages are read at a time: what is read waits for whoever
	// downloads, and no transaction does.
	exportBatch = 200
	// exportPatience is how long a download may stand still.
	exportPatience = time.Minute
)

// exportFile is one of those in an export.
type exportFile struct {
	name  string
	write func(w io.Writer) error
}

// exportFiles are all that are kept of somebody.
func (s *Server) exportFiles(ctx context.Context, user store.User) ([]exportFile, error) {
	ties, err := s.store.Ties(ctx, user)
	if err != nil {
		return nil, err
	}
	sessions, err := s.store.Sessions(ctx, user)
	if err != nil {
		return nil, err
	}
	notifications, err := s.exportedNotifications(ctx, user)
	if err != nil {
		return nil, err
	}
	large, small, err := s.ownPicture(ctx, user)
	if err != nil {
		return nil, err
	}
	privacy, err := s.store.PrivacyOf(ctx, user)
	if err != nil {
		return nil, err
	}
	conversations, _, err := s.store.Conversations(ctx, user, store.NewestPoint(), math.MaxInt32-1)
	if err != nil {
		return nil, err
	}
	each := func(do func(m store.OwnMessage) error) error { return s.eachOwnMessage(ctx, user, do) }
	files := []exportFile{
		{"profile.json", asJSON(exportedProfile(user, ties, privacy))},
		{"friends.json", asJSON(exportedFriends(ties))},
		{"notifications.json", asJSON(notifications)},
		{"sessions.json", asJSON(exportedSessions(sessions))},
		{"conversations.json", asJSON(exportedConversations(conversations))},
		{"messages.json", messagesAsJSON(each)},
		{"messages.md", messagesAsMarkdown(user, each)},
	}
	if user.Picture != "" {
		files = append(files,
			exportFile{"picture.jpg", asIs(large)},
			exportFile{"picture-small.jpg", asIs(small)})
	}
	return files, nil
}

// exportedNotifications are all that somebody was told lately.
func (s *Server) exportedNotifications(ctx context.Context, user store.User) (notificationsExport, error) {
	exported := notificationsExport{Muted: []string{}, Notifications: []notificationExport{}}
	muted, err := s.store.MutedKinds(ctx, user)
	if err != nil {
		return exported, err
	}
	for _, kind := range muted {
		exported.Muted = append(exported.Muted, string(kind))
	}
	for before, more := int64(0), true; more; {
		var found []store.Notification
		if found, more, err = s.store.Notifications(ctx, user, before, exportBatch); err != nil {
			return exported, err
		}
		for _, n := range found {
			before = n.ID
			exported.Notifications = append(exported.Notifications, notificationExport{
				Kind: string(n.Kind), By: n.Actor.Username, Count: n.Count, Room: n.Room.Name, Browser: n.Browser, At: n.At, Read: n.Read,
			})
		}
	}
	return exported, nil
}

// ownPicture returns the picture that somebody has set, in both sizes; nil where there is none.
func (s *Server) ownPicture(ctx context.Context, user store.User) (large, small []byte, err error) {
	if user.Picture == "" {
		return nil, nil, nil
	}
	if large, err = s.store.Picture(ctx, user, true); err != nil {
		return nil, nil, err
	}
	small, err = s.store.Picture(ctx, user, false)
	return large, small, err
}

// getExport answers with all of one's own data, as a zip that is made while it is sent. Where that
// fails midway, the connection breaks: what came is not to be taken for all.
func (s *Server) getExport(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	if err := s.limits.exporting.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	files, err := s.exportFiles(ctx, viewer.User)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "application/zip")
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": "plaza-" + viewer.User.Username + ".zip"}))
	if err := writeExport(patient{c.Response(), http.NewResponseController(c.Response())}, files); err != nil {
		s.logTrouble(ctx, "export somebody's data", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func writeExport(w io.Writer, files []exportFile) error {
	archive := zip.NewWriter(w)
	readme := exportFile{name: "README.txt", write: func(w io.Writer) error {
		for _, file := range files {
			if _, err := fmt.Fprintf(w, "%s: %s\n", file.name, views.ExportedFile(file.name)); err != nil {
				return err
			}
		}
		return nil
	}}
	for _, file := range append([]exportFile{readme}, files...) {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: time.Now().UTC()})
		if err != nil {
			return err
		}
		if err := file.write(entry); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return archive.Close()
}

// patient is a response that takes as long as it goes on: the server's own time limit, which is for
// pages, is put off by each write.
type patient struct {
	io.Writer
	*http.ResponseController
}

// Write implements io.Writer.
func (p patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(exportPatience)); err != nil {
		return 0, err
	}
	return p.Writer.Write(b)
}

// eachOwnMessage calls do for all that somebody wrote, which is read a little at a time.
func (s *Server) eachOwnMessage(ctx context.Context, user store.User, do func(m store.OwnMessage) error) error {
	for last := int64(0); ; {
		messages, err := s.store.MessagesBy(ctx, user, last, exportBatch)
		if err != nil {
			return err
		}
		for _, message := range messages {
			if err := do(message); err != nil {
				return err
			}
			last = message.ID
		}
		if len(messages) < exportBatch {
			return nil
		}
	}
}
