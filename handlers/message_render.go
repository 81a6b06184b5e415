package handlers

import (
	"context"
	"time"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views/markdown"
)

// markdown renders the source of a message, with mentions of existing users as links.
func (s *Server) markdown(ctx context.Context, source string) (store.Rendered, error) {
	known, err := s.mentions.usernames(ctx, markdown.Mentions(source))
	if err != nil {
		return store.Rendered{}, err
	}
	message := markdown.Render(source, known)
	return store.Rendered{
		HTML: message.HTML, Text: message.Text, Mentions: message.Mentions, Renderer: markdown.Renderer,
	}, nil
}

// renderAgainInterval is how often the server looks for messages of an older renderer. There are some
// after an upgrade, and as long as servers of an older version run.
const renderAgainInterval = time.Minute

// renderAgain renders the messages again that an older renderer has rendered, until ctx ends.
func (s *Server) renderAgain(ctx context.Context) {
	again := func() {
		if err := s.store.RenderAgain(ctx, markdown.Renderer, s.markdown); err != nil {
			s.logTrouble(ctx, "render older messages again", err)
		}
	}
	again()
	live.Every(ctx, renderAgainInterval, nil, again)
}
