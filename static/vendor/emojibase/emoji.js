// Made by cmd/emoji from emojibase-data: see LICENSE.
export default `0	😀	grinning face	cheerful cheery happy laugh nice smile smiling teeth	
0	😃	grinning face with big eyes	awesome happy mouth open smile smiling teeth yay	
0	😄	grinning face with smiling eyes	happy laugh lol mouth open smile	
0	😁	beaming face with smiling eyes	grin grinning happy nice smile teeth	
0	😆	grinning squinting face	closed eyes haha hahaha happy laugh lol mouth open rofl smile smiling	
0	😅	grinning face with sweat	cold dejected excited mouth nervous open smile smiling stress stressed	
0	🤣	rolling on the floor laughing	crying face funny haha happy hehe hilarious joy lmao lol rofl roflmao tear	
0	😂	face with tears of joy	crying feels funny haha happy hehe hilarious laugh lmao lol rofl roflmao	
0	🙂	slightly smiling face	happy smile	
0	🙃	upside-down face	hehe smile	
0	🫠	melting face	disappear dissolve embarrassed haha heat hot liquid lol sarcasm sarcastic	
0	😉	winking face	flirt heartbreaker sexy slide tease winks	
0	😊	smiling face with smiling eyes	blush glad satisfied smile	
0	😇	smiling face with halo	angel angelic angels blessed fairy fairytale fantasy happy innocent peaceful smile spirit tale	
0	🥰	smiling face with hearts	3 adore crush ily love romance smile you	
0	😍	smiling face with heart-eyes	143 bae feels hearts ily kisses love romance romantic smile xoxo	
0	🤩	star-struck	excited eyes face grinning smile starry-eyed wow	
0	😘	face blowing a kiss	adorbs bae flirt heart ily love lover miss muah romantic smooch xoxo you	
0	😗	kissing face	143 date dating flirt ily love smooch smooches xoxo you	
0	☺️	smiling face	happy outlined relaxed smile	
0	😚	kissing face with closed eyes	143 bae blush date dating flirt ily kisses smooches xoxo	
0	😙	kissing face with smiling eyes	143 closed date dating flirt ily kisses love night smile	
0	🥲	smiling face with tear	glad grateful happy joy pain proud relieved smile smiley touched	
0	😋	face savoring food	delicious eat full hungry smile smiling tasty um yum yummy	
0	😛	face with tongue	awesome cool nice party stuck-out sweet	
0	😜	winking face with tongue	crazy epic eye funny joke loopy nutty party stuck-out wacky weirdo yolo	
0	🤪	zany face	crazy eye eyes goofy large small	
0	😝	squinting face with tongue	closed eye eyes gross horrible omg stuck-out taste whatever yolo	
0	🤑	money-mouth face	paid	
0	🤗	smiling face with open hands	hug hugging	
0	🤭	face with hand over mouth	giggle giggling oops realization secret shock sudden surprise whoops	
0	🫢	face with open eyes and hand over mouth	amazement awe disbelief embarrass gasp omg quiet scared shock surprise	
0	🫣	face with peeking eye	captivated embarrass hide hiding peep scared shy stare	
0	🤫	shushing face	quiet shh	
0	🤔	thinking face	chin consider hmm ponder pondering wondering	
0	🫡	saluting face	good luck ma’am ok respect salute sir troops yes	
0	🤐	zipper-mouth face	keep quiet secret shut	
0	🤨	face with raised eyebrow	disapproval disbelief distrust emoji hmm mild skeptic skeptical skepticism surprise what	
0	😐️	neutral face	awkward blank deadpan expressionless fine jealous meh oh shade straight unamused unhappy unimpressed whatever	
0	😑	expressionless face	awkward dead fine inexpressive jealous meh not oh omg straight uh unhappy unimpressed whatever	
0	😶	face without mouth	awkward blank expressionless mouthless mute quiet secret silence silent speechless	
0	🫥	dotted line face	depressed disappear hidden hide introvert invisible meh whatever wtv	
0	😶‍🌫️	face in clouds	absentminded fog head	
0	😏	smirking face	boss dapper flirt homie kidding leer shade slick sly smug snicker suave suspicious swag	
0	😒	unamused face	... bored fine jealous jel jelly pissed smh ugh uhh unhappy weird whatever	
0	🙄	face with rolling eyes	eyeroll shade ugh whatever	
0	😬	grimacing face	awk awkward dentist grimace grinning smile smiling	
0	😮‍💨	face exhaling	blow blowing exhale exhausted gasp groan relief sigh smiley smoke whisper whistle	
0	🤥	lying face	liar lie pinocchio	
0	🫨	shaking face	crazy daze earthquake omg panic shock surprise vibrate whoa wow	
0	🙂‍↔️	head shaking horizontally	no shake	
0	🙂‍↕️	head shaking vertically	nod yes	
0	😌	relieved face	calm peace relief zen	
0	😔	pensive face	awful bored dejected died disappointed losing lost sad sucks	
0	😪	sleepy face	crying good night sad sleeping tired	
0	🤤	drooling face		
0	😴	sleeping face	bed bedtime good goodnight nap night tired whatever yawn zzz	
0	🫩	face with bags under eyes	bored exhausted fatigued late sleepy tired weary	
0	😷	face with medical mask	cold dentist dermatologist doctor dr germs medicine sick	
0	🤒	face with thermometer	ill sick	
0	🤕	face with head-bandage	hurt injury ouch	
0	🤢	nauseated face	gross nasty sick vomit	
0	🤮	face vomiting	barf ew gross puke sick spew throw up	
0	🤧	sneezing face	fever flu gesundheit sick sneeze	
0	🥵	hot face	dying feverish heat panting red-faced stroke sweating tongue	
0	🥶	cold face	blue blue-faced freezing frostbite icicles subzero teeth	
0	🥴	woozy face	dizzy drunk eyes intoxicated mouth tipsy uneven wavy	
0	😵	face with crossed-out eyes	dead dizzy feels knocked sick tired	
0	😵‍💫	face with spiral eyes	confused dizzy hypnotized omg smiley trouble whoa woah woozy	
0	🤯	exploding head	blown explode mind mindblown no shocked way	
0	🤠	cowboy hat face	cowgirl	
0	🥳	partying face	bday birthday celebrate celebration excited happy hat hooray horn	
0	🥸	disguised face	eyebrow glasses incognito moustache mustache nose person spy tache tash	
0	😎	smiling face with sunglasses	awesome beach bright bro chilling cool rad relaxed shades slay smile style swag win	
0	🤓	nerd face	brainy clever expert geek gifted glasses intelligent smart	
0	🧐	face with monocle	classy fancy rich stuffy wealthy	
0	😕	confused face	befuddled confusing dunno frown hm meh not sad sorry sure	
0	🫤	face with diagonal mouth	confused confusion disappointed doubt doubtful frustrated frustration meh skeptical unsure whatever wtv	
0	😟	worried face	anxious butterflies nerves nervous sad stress stressed surprised worry	
0	🙁	slightly frowning face	sad	
0	☹️	frowning face	sad	
0	😮	face with open mouth	believe forgot omg shocked surprised sympathy unbelievable unreal whoa wow you	
0	😯	hushed face	epic omg stunned surprised whoa woah	
0	😲	astonished face	cost no omg shocked totally way	
0	😳	flushed face	amazed awkward crazy dazed dead disbelief embarrassed geez heat hot impressed jeez what wow	
0	🫪	distorted face	anxiety bloated panic shocked surprised vulnerable	
0	🥺	pleading face	begging big eyes mercy not please pretty puppy sad why	
0	🥹	face holding back tears	admiration aww cry embarrassed feelings grateful gratitude joy please proud resist sad	
0	😦	frowning face with open mouth	caught guard scared scary surprise what wow	
0	😧	anguished face	forgot scared scary stressed surprise unhappy what wow	
0	😨	fearful face	afraid anxious blame scared worried	
0	😰	anxious face with sweat	blue cold eek mouth nervous open rushed scared yikes	
0	😥	sad but relieved face	anxious call close complicated disappointed not sweat time whew	
0	😢	crying face	awful feels miss sad tear triste unhappy	
0	😭	loudly crying face	bawling sad sob tear tears unhappy	
0	😱	face screaming in fear	epic fearful munch scared screamer shocked surprised woah	
0	😖	confounded face	annoyed confused cringe distraught feels frustrated mad sad	
0	😣	persevering face	concentrate concentration focus headache persevere	
0	😞	disappointed face	awful blame dejected fail losing sad unhappy	
0	😓	downcast face with sweat	close cold feels headache nervous sad scared yikes	
0	😩	weary face	crying fail feels hungry mad nooo sad sleepy tired unhappy	
0	😫	tired face	cost feels nap sad sneeze	
0	🥱	yawning face	bedtime bored goodnight nap night sleep sleepy tired whatever zzz	
0	😤	face with steam from nose	anger angry feels fume fuming furious fury mad triumph unhappy won	
0	😡	enraged face	anger angry feels mad maddening pouting red shade unhappy upset	
0	😠	angry face	anger blame feels frustrated mad maddening rage shade unhappy upset	
0	🤬	face with symbols on mouth	censor cursing cussing mad pissed swearing	
0	😈	smiling face with horns	demon devil evil fairy fairytale fantasy purple shade smile tale	
0	👿	angry face with horns	demon devil evil fairy fairytale fantasy imp mischievous purple shade tale	
0	💀	skull	body dead death face fairy fairytale i’m lmao monster tale yolo	
0	☠️	skull and crossbones	dead death face monster	
0	💩	pile of poo	bs comic doo dung face fml monster poop smelly smh stink stinks stinky turd	
0	🤡	clown face		
0	👹	ogre	creature devil face fairy fairytale fantasy mask monster scary tale	
0	👺	goblin	angry creature face fairy fairytale fantasy mask mean monster tale	
0	👻	ghost	boo creature excited face fairy fairytale fantasy halloween haunting monster scary silly tale	
0	👽️	alien	creature extraterrestrial face fairy fairytale fantasy monster space tale ufo	
0	👾	alien monster	creature extraterrestrial face fairy fairytale fantasy game gamer games pixelated space tale ufo	
0	🤖	robot	face monster	
0	😺	grinning cat	animal face mouth open smile smiling	
0	😸	grinning cat with smiling eyes	animal face smile	
0	😹	cat with tears of joy	animal face laugh laughing lol	
0	😻	smiling cat with heart-eyes	animal face love smile	
0	😼	cat with wry smile	animal face ironic	
0	😽	kissing cat	animal closed eye eyes face	
0	🙀	weary cat	animal face oh surprised	
0	😿	crying cat	animal face sad tear	
0	😾	pouting cat	animal face	
0	🙈	see-no-evil monkey	embarrassed face forbidden forgot gesture hide omg prohibited scared secret smh watch	
0	🙉	hear-no-evil monkey	animal ears face forbidden gesture listen not prohibited secret shh tmi	
0	🙊	speak-no-evil monkey	animal face forbidden gesture not oops prohibited quiet secret stealth	
0	💌	love letter	heart mail romance valentine	
0	💘	heart with arrow	143 adorbs cupid date emotion ily love romance valentine	
0	💝	heart with ribbon	143 anniversary emotion ily kisses valentine xoxo	
0	💖	sparkling heart	143 emotion excited good ily kisses morning night sparkle xoxo	
0	💗	growing heart	143 emotion excited heartpulse ily kisses muah nervous pulse xoxo	
0	💓	beating heart	143 cardio emotion heartbeat ily love pulsating pulse	
0	💞	revolving hearts	143 adorbs anniversary emotion	
0	💕	two hearts	143 anniversary date dating emotion ily kisses love loving xoxo	
0	💟	heart decoration	143 emotion hearth purple white	
0	❣️	heart exclamation	heavy mark punctuation	
0	💔	broken heart	break crushed emotion heartbroken lonely sad	
0	❤️‍🔥	heart on fire	burn love lust sacred	
0	❤️‍🩹	mending heart	healthier improving recovering recuperating well	
0	❤️	red heart	emotion love	
0	🩷	pink heart	143 adorable cute emotion ily like love special sweet	
0	🧡	orange heart	143	
0	💛	yellow heart	143 cardiac emotion ily love	
0	💚	green heart	143 emotion ily love romantic	
0	💙	blue heart	143 emotion ily love romance	
0	🩵	light blue heart	143 cute cyan emotion ily like love sky special teal	
0	💜	purple heart	143 bestest emotion ily love	
0	🤎	brown heart	143	
0	🖤	black heart	evil wicked	
0	🩶	grey heart	143 emotion gray ily love silver slate special	
0	🤍	white heart	143	
0	💋	kiss mark	dating emotion heart kissing lips romance sexy	
0	💯	hundred points	100 a+ agree clearly definitely faithful fleek full keep perfect score true truth yup	
0	💢	anger symbol	angry comic mad upset	
0	🫯	fight cloud	argument brawl debate disagreement ruckus wrestle	
0	💥	collision	bomb boom collide comic explode	
0	💫	dizzy	comic shining shooting star stars	
0	💦	sweat droplets	comic drip drops splashing squirt water wet work workout	
0	💨	dashing away	cloud comic fart fast go gone gotta running smoke	
0	🕳️	hole		
0	💬	speech balloon	bubble comic dialog message sms talk text typing	
0	👁️‍🗨️	eye in speech bubble	balloon witness	
0	🗨️	left speech bubble	balloon dialog	
0	🗯️	right anger bubble	angry balloon mad	
0	💭	thought balloon	bubble cartoon cloud comic daydream decisions dream idea invent invention realize think thoughts wonder	
0	💤	ZZZ	comic good goodnight night sleep sleeping sleepy tired zzz	
1	👋	waving hand	bye cya g2g greetings gtg hello hey hi later outtie ttfn ttyl wave yo you	+
1	🤚	raised back of hand	backhand	+
1	🖐️	hand with fingers splayed	raised stop	+
1	✋️	raised hand	5 five high stop	+
1	🖖	vulcan salute	finger hand hands	+
1	🫱	rightwards hand	handshake hold reach shake	+
1	🫲	leftwards hand	handshake hold reach shake	+
1	🫳	palm down hand	dismiss drop dropped pick shoo up	+
1	🫴	palm up hand	beckon catch come hold know lift me offer tell	+
1	🫷	leftwards pushing hand	block five halt high hold pause refuse slap stop wait	+
1	🫸	rightwards pushing hand	block five halt high hold pause refuse slap stop wait	+
1	👌	OK hand	awesome bet dope fleek fosho got gotcha legit ok okay pinch rad sure sweet three	+
1	🤌	pinched fingers	gesture hand hold huh interrogation patience relax sarcastic ugh what zip	+
1	🤏	pinching hand	amount bit fingers little small sort	+
1	✌️	victory hand	peace	+
1	🤞	crossed fingers	hand luck	+
1	🫰	hand with index finger and thumb crossed	<3 expensive heart love money snap	+
1	🤟	love-you gesture	fingers hand ily three	+
1	🤘	sign of the horns	finger hand rock-on	+
1	🤙	call me hand	hang loose shaka	+
1	👈️	backhand index pointing left	finger	+
1	👉️	backhand index pointing right	finger	+
1	👆️	backhand index pointing up	finger	+
1	🖕	middle finger	hand	+
1	👇️	backhand index pointing down	finger	+
1	☝️	index pointing up	finger hand this	+
1	🫵	index pointing at the viewer	finger hand poke you	+
1	👍️	thumbs up	+1 good hand like yes	+
1	👎️	thumbs down	-1 bad dislike good hand no nope	+
1	✊️	raised fist	clenched hand punch solidarity	+
1	👊	oncoming fist	absolutely agree boom bro bruh bump clenched correct hand knuckle pound punch rock ttyl	+
1	🤛	left-facing fist	leftwards	+
1	🤜	right-facing fist	rightwards	+
1	👏	clapping hands	applause approval awesome congrats congratulations excited good great homie job nice prayed well yay	+
1	🙌	raising hands	celebration gesture hooray praise raised	+
1	🫶	heart hands	<3 love you	+
1	👐	open hands	hug jazz swerve	+
1	🤲	palms up together	cupped dua hands pray prayer wish	+
1	🤝	handshake	agreement deal meeting	+
1	🙏	folded hands	appreciate ask beg blessed bow cmon five gesture high please pray thanks thx	+
1	✍️	writing hand	write	+
1	💅	nail polish	bored care cosmetics done makeup manicure whatever	+
1	🤳	selfie	camera phone	+
1	💪	flexed biceps	arm beast bench bodybuilder bro curls gains gym jacked muscle press ripped strong weightlift	+
1	🦾	mechanical arm	accessibility prosthetic	
1	🦿	mechanical leg	accessibility prosthetic	
1	🦵	leg	bent foot kick knee limb	+
1	🦶	foot	ankle feet kick stomp	+
1	👂️	ear	body ears hear hearing listen listening sound	+
1	🦻	ear with hearing aid	accessibility hard	+
1	👃	nose	body noses nosey odor smell smells	+
1	🧠	brain	intelligent smart	
1	🫀	anatomical heart	beat cardiology heartbeat organ pulse real red	
1	🫁	lungs	breath breathe exhalation inhalation organ respiration	
1	🦷	tooth	dentist pearly teeth white	
1	🦴	bone	bones dog skeleton wishbone	
1	👀	eyes	body face googly look looking omg peep see seeing	
1	👁️	eye	1 body one	
1	👅	tongue	body lick slurp	
1	👄	mouth	beauty body kiss kissing lips lipstick	
1	🫦	biting lip	anxious bite fear flirt flirting kiss lipstick nervous sexy uncomfortable worried worry	
1	👶	baby	babies children goo infant newborn pregnant young	+
1	🧒	child	bright-eyed grandchild kid young younger	+
1	👦	boy	bright-eyed child grandson kid son young younger	+
1	👧	girl	bright-eyed child daughter granddaughter kid virgo young younger zodiac	+
1	🧑	person	adult	+
1	👱	person: blond hair	blond-haired human	+
1	👨	man	adult bro	+
1	🧔	person: beard	bearded whiskers	+
1	🧔‍♂️	man: beard	bearded whiskers	+
1	🧔‍♀️	woman: beard	bearded whiskers	+
1	👨‍🦰	man: red hair	adult bro	+
1	👨‍🦱	man: curly hair	adult bro	+
1	👨‍🦳	man: white hair	adult bro	+
1	👨‍🦲	man: bald	adult bro	+
1	👩	woman	adult lady	+
1	👩‍🦰	woman: red hair	adult lady	+
1	🧑‍🦰	person: red hair	adult	+
1	👩‍🦱	woman: curly hair	adult lady	+
1	🧑‍🦱	person: curly hair	adult	+
1	👩‍🦳	woman: white hair	adult lady	+
1	🧑‍🦳	person: white hair	adult	+
1	👩‍🦲	woman: bald	adult lady	+
1	🧑‍🦲	person: bald	adult	+
1	👱‍♀️	woman: blond hair	blond-haired blonde	+
1	👱‍♂️	man: blond hair	blond-haired	+
1	🧓	older person	adult elderly grandparent wise	+
1	👴	old man	adult bald elderly gramps grandfather grandpa wise	+
1	👵	old woman	adult elderly grandma grandmother granny lady wise	+
1	🙍	person frowning	annoyed disappointed disgruntled disturbed frustrated gesture irritated upset	+
1	🙍‍♂️	man frowning	annoyed disappointed disgruntled disturbed frustrated gesture irritated upset	+
1	🙍‍♀️	woman frowning	annoyed disappointed disgruntled disturbed frustrated gesture irritated upset	+
1	🙎	person pouting	disappointed downtrodden frown grimace scowl sulk upset whine	+
1	🙎‍♂️	man pouting	disappointed downtrodden frown grimace scowl sulk upset whine	+
1	🙎‍♀️	woman pouting	disappointed downtrodden frown grimace scowl sulk upset whine	+
1	🙅	person gesturing NO	forbidden gesture hand no not prohibit	+
1	🙅‍♂️	man gesturing NO	forbidden gesture hand no not prohibit	+
1	🙅‍♀️	woman gesturing NO	forbidden gesture hand no not prohibit	+
1	🙆	person gesturing OK	exercise gesture hand ok omg	+
1	🙆‍♂️	man gesturing OK	exercise gesture hand ok omg	+
1	🙆‍♀️	woman gesturing OK	exercise gesture hand ok omg	+
1	💁	person tipping hand	fetch flick flip gossip sarcasm sarcastic sassy seriously whatever	+
1	💁‍♂️	man tipping hand	fetch flick flip gossip sarcasm sarcastic sassy seriously whatever	+
1	💁‍♀️	woman tipping hand	fetch flick flip gossip sarcasm sarcastic sassy seriously whatever	+
1	🙋	person raising hand	gesture here know me pick question raise	+
1	🙋‍♂️	man raising hand	gesture here know me pick question raise	+
1	🙋‍♀️	woman raising hand	gesture here know me pick question raise	+
1	🧏	deaf person	accessibility ear gesture hear	+
1	🧏‍♂️	deaf man	accessibility ear gesture hear	+
1	🧏‍♀️	deaf woman	accessibility ear gesture hear	+
1	🙇	person bowing	apology ask beg favor forgive gesture meditate meditation pity regret sorry	+
1	🙇‍♂️	man bowing	apology ask beg favor forgive gesture meditate meditation pity regret sorry	+
1	🙇‍♀️	woman bowing	apology ask beg favor forgive gesture meditate meditation pity regret sorry	+
1	🤦	person facepalming	again bewilder disbelief exasperation no not oh omg shock smh	+
1	🤦‍♂️	man facepalming	again bewilder disbelief exasperation no not oh omg shock smh	+
1	🤦‍♀️	woman facepalming	again bewilder disbelief exasperation no not oh omg shock smh	+
1	🤷	person shrugging	doubt dunno guess idk ignorance indifference knows maybe whatever who	+
1	🤷‍♂️	man shrugging	doubt dunno guess idk ignorance indifference knows maybe whatever who	+
1	🤷‍♀️	woman shrugging	doubt dunno guess idk ignorance indifference knows maybe whatever who	+
1	🧑‍⚕️	health worker	doctor healthcare nurse therapist	+
1	👨‍⚕️	man health worker	doctor healthcare nurse therapist	+
1	👩‍⚕️	woman health worker	doctor healthcare nurse therapist	+
1	🧑‍🎓	student	graduate	+
1	👨‍🎓	man student	graduate	+
1	👩‍🎓	woman student	graduate	+
1	🧑‍🏫	teacher	instructor lecturer professor	+
1	👨‍🏫	man teacher	instructor lecturer professor	+
1	👩‍🏫	woman teacher	instructor lecturer professor	+
1	🧑‍⚖️	judge	justice law scales	+
1	👨‍⚖️	man judge	justice law scales	+
1	👩‍⚖️	woman judge	justice law scales	+
1	🧑‍🌾	farmer	gardener rancher	+
1	👨‍🌾	man farmer	gardener rancher	+
1	👩‍🌾	woman farmer	gardener rancher	+
1	🧑‍🍳	cook	chef	+
1	👨‍🍳	man cook	chef	+
1	👩‍🍳	woman cook	chef	+
1	🧑‍🔧	mechanic	electrician plumber tradesperson	+
1	👨‍🔧	man mechanic	electrician plumber tradesperson	+
1	👩‍🔧	woman mechanic	electrician plumber tradesperson	+
1	🧑‍🏭	factory worker	assembly industrial	+
1	👨‍🏭	man factory worker	assembly industrial	+
1	👩‍🏭	woman factory worker	assembly industrial	+
1	🧑‍💼	office worker	architect business manager white-collar	+
1	👨‍💼	man office worker	architect business manager white-collar	+
1	👩‍💼	woman office worker	architect business manager white-collar	+
1	🧑‍🔬	scientist	biologist chemist engineer mathematician physicist	+
1	👨‍🔬	man scientist	biologist chemist engineer mathematician physicist	+
1	👩‍🔬	woman scientist	biologist chemist engineer mathematician physicist	+
1	🧑‍💻	technologist	coder computer developer inventor software	+
1	👨‍💻	man technologist	coder computer developer inventor software	+
1	👩‍💻	woman technologist	coder computer developer inventor software	+
1	🧑‍🎤	singer	actor entertainer rock rockstar star	+
1	👨‍🎤	man singer	actor entertainer rock rockstar star	+
1	👩‍🎤	woman singer	actor entertainer rock rockstar star	+
1	🧑‍🎨	artist	palette	+
1	👨‍🎨	man artist	palette	+
1	👩‍🎨	woman artist	palette	+
1	🧑‍✈️	pilot	plane	+
1	👨‍✈️	man pilot	plane	+
1	👩‍✈️	woman pilot	plane	+
1	🧑‍🚀	astronaut	rocket space	+
1	👨‍🚀	man astronaut	rocket space	+
1	👩‍🚀	woman astronaut	rocket space	+
1	🧑‍🚒	firefighter	firetruck	+
1	👨‍🚒	man firefighter	firetruck	+
1	👩‍🚒	woman firefighter	firetruck	+
1	👮	police officer	apprehend arrest citation cop law over pulled undercover	+
1	👮‍♂️	man police officer	apprehend arrest citation cop law over pulled undercover	+
1	👮‍♀️	woman police officer	apprehend arrest citation cop law over pulled undercover	+
1	🕵️	detective	sleuth spy	+
1	🕵️‍♂️	man detective	sleuth spy	+
1	🕵️‍♀️	woman detective	sleuth spy	+
1	💂	guard	buckingham helmet london palace	+
1	💂‍♂️	man guard	buckingham helmet london palace	+
1	💂‍♀️	woman guard	buckingham helmet london palace	+
1	🥷	ninja	assassin fight fighter hidden person secret skills sly soldier stealth war	+
1	👷	construction worker	build fix hardhat hat man person rebuild remodel repair	+
1	👷‍♂️	man construction worker	build fix hardhat hat rebuild remodel repair	+
1	👷‍♀️	woman construction worker	build fix hardhat hat rebuild remodel repair	+
1	🫅	person with crown	monarch noble regal royal royalty	+
1	🤴	prince	crown fairy fairytale fantasy king royal royalty tale	+
1	👸	princess	crown fairy fairytale fantasy queen royal royalty tale	+
1	👳	person wearing turban		+
1	👳‍♂️	man wearing turban		+
1	👳‍♀️	woman wearing turban		+
1	👲	person with skullcap	chinese gua guapi hat mao pi	+
1	🧕	woman with headscarf	bandana hijab kerchief mantilla tichel	+
1	🤵	person in tuxedo	formal wedding	+
1	🤵‍♂️	man in tuxedo	formal groom wedding	+
1	🤵‍♀️	woman in tuxedo	formal wedding	+
1	👰	person with veil	wedding	+
1	👰‍♂️	man with veil	wedding	+
1	👰‍♀️	woman with veil	bride wedding	+
1	🤰	pregnant woman		+
1	🫃	pregnant man	belly bloated full overeat	+
1	🫄	pregnant person	belly bloated full overeat stuffed	+
1	🤱	breast-feeding	baby mom mother nursing woman	+
1	👩‍🍼	woman feeding baby	mom mother nanny newborn nursing	+
1	👨‍🍼	man feeding baby	dad father nanny newborn nursing	+
1	🧑‍🍼	person feeding baby	nanny newborn nursing parent	+
1	👼	baby angel	church face fairy fairytale fantasy tale	+
1	🎅	Santa Claus	celebration christmas claus fairy fantasy father holiday merry santa tale xmas	+
1	🤶	Mrs. Claus	celebration christmas claus fairy fantasy holiday merry mother mrs santa tale xmas	+
1	🧑‍🎄	Mx Claus	celebration christmas claus fairy fantasy holiday merry mx santa tale xmas	+
1	🦸	superhero	good superpower	+
1	🦸‍♂️	man superhero	good superpower	+
1	🦸‍♀️	woman superhero	good heroine superpower	+
1	🦹	supervillain	bad criminal evil superpower	+
1	🦹‍♂️	man supervillain	bad criminal evil superpower	+
1	🦹‍♀️	woman supervillain	bad criminal evil superpower	+
1	🧙	mage	fantasy magic play sorcerer sorceress sorcery spell summon witch wizard	+
1	🧙‍♂️	man mage	fantasy magic play sorcerer sorceress sorcery spell summon witch wizard	+
1	🧙‍♀️	woman mage	fantasy magic play sorcerer sorceress sorcery spell summon witch wizard	+
1	🧚	fairy	fairytale fantasy myth person pixie tale wings	+
1	🧚‍♂️	man fairy	fairytale fantasy myth oberon person pixie puck tale wings	+
1	🧚‍♀️	woman fairy	fairytale fantasy myth person pixie tale titania wings	+
1	🧛	vampire	blood dracula fangs halloween scary supernatural teeth undead	+
1	🧛‍♂️	man vampire	blood fangs halloween scary supernatural teeth undead	+
1	🧛‍♀️	woman vampire	blood fangs halloween scary supernatural teeth undead	+
1	🧜	merperson	creature fairytale folklore ocean sea siren trident	+
1	🧜‍♂️	merman	creature fairytale folklore neptune ocean poseidon sea siren trident triton	+
1	🧜‍♀️	mermaid	creature fairytale folklore merwoman ocean sea siren trident	+
1	🧝	elf	elves enchantment fantasy folklore magic magical myth	+
1	🧝‍♂️	man elf	elves enchantment fantasy folklore magic magical myth	+
1	🧝‍♀️	woman elf	elves enchantment fantasy folklore magic magical myth	+
1	🧞	genie	djinn fantasy jinn lamp myth rub wishes	
1	🧞‍♂️	man genie	djinn fantasy jinn lamp myth rub wishes	
1	🧞‍♀️	woman genie	djinn fantasy jinn lamp myth rub wishes	
1	🧟	zombie	apocalypse dead halloween horror scary undead walking	
1	🧟‍♂️	man zombie	apocalypse dead halloween horror scary undead walking	
1	🧟‍♀️	woman zombie	apocalypse dead halloween horror scary undead walking	
1	🧌	troll	fairy fantasy monster tale trolling	
1	🫈	hairy creature	bigfoot cryptid forest giant sasquatch woodwose yeti	
1	💆	person getting massage	face headache relax relaxing salon soothe spa tension therapy treatment	+
1	💆‍♂️	man getting massage	face headache relax relaxing salon soothe spa tension therapy treatment	+
1	💆‍♀️	woman getting massage	face headache relax relaxing salon soothe spa tension therapy treatment	+
1	💇	person getting haircut	barber beauty chop cosmetology groom parlor shears style	+
1	💇‍♂️	man getting haircut	barber beauty chop cosmetology groom parlor person shears style	+
1	💇‍♀️	woman getting haircut	barber beauty chop cosmetology groom parlor person shears style	+
1	🚶	person walking	amble gait hike man pace pedestrian stride stroll	+
1	🚶‍♂️	man walking	amble gait hike pace pedestrian stride stroll	+
1	🚶‍♀️	woman walking	amble gait hike pace pedestrian stride stroll	+
1	🚶‍➡️	person walking: facing right	amble gait hike man pace pedestrian stride stroll	+
1	🚶‍♀️‍➡️	woman walking: facing right	amble gait hike pace pedestrian stride stroll	+
1	🚶‍♂️‍➡️	man walking: facing right	amble gait hike pace pedestrian stride stroll	+
1	🧍	person standing		+
1	🧍‍♂️	man standing		+
1	🧍‍♀️	woman standing		+
1	🧎	person kneeling	knees	+
1	🧎‍♂️	man kneeling	knees	+
1	🧎‍♀️	woman kneeling	knees	+
1	🧎‍➡️	person kneeling: facing right	knees	+
1	🧎‍♀️‍➡️	woman kneeling: facing right	knees	+
1	🧎‍♂️‍➡️	man kneeling: facing right	knees	+
1	🧑‍🦯	person with white cane	accessibility blind probing	+
1	🧑‍🦯‍➡️	person with white cane: facing right	accessibility blind probing	+
1	👨‍🦯	man with white cane	accessibility blind probing	+
1	👨‍🦯‍➡️	man with white cane: facing right	accessibility blind probing	+
1	👩‍🦯	woman with white cane	accessibility blind probing	+
1	👩‍🦯‍➡️	woman with white cane: facing right	accessibility blind probing	+
1	🧑‍🦼	person in motorized wheelchair	accessibility	+
1	🧑‍🦼‍➡️	person in motorized wheelchair: facing right	accessibility	+
1	👨‍🦼	man in motorized wheelchair	accessibility	+
1	👨‍🦼‍➡️	man in motorized wheelchair: facing right	accessibility	+
1	👩‍🦼	woman in motorized wheelchair	accessibility	+
1	👩‍🦼‍➡️	woman in motorized wheelchair: facing right	accessibility	+
1	🧑‍🦽	person in manual wheelchair	accessibility	+
1	🧑‍🦽‍➡️	person in manual wheelchair: facing right	accessibility	+
1	👨‍🦽	man in manual wheelchair	accessibility	+
1	👨‍🦽‍➡️	man in manual wheelchair: facing right	accessibility	+
1	👩‍🦽	woman in manual wheelchair	accessibility	+
1	👩‍🦽‍➡️	woman in manual wheelchair: facing right	accessibility	+
1	🏃	person running	fast hurry marathon move quick race racing rush speed	+
1	🏃‍♂️	man running	fast hurry marathon move quick race racing rush speed	+
1	🏃‍♀️	woman running	fast hurry marathon move quick race racing rush speed	+
1	🏃‍➡️	person running: facing right	fast hurry marathon move quick race racing rush speed	+
1	🏃‍♀️‍➡️	woman running: facing right	fast hurry marathon move quick race racing rush speed	+
1	🏃‍♂️‍➡️	man running: facing right	fast hurry marathon move quick race racing rush speed	+
1	🧑‍🩰	ballet dancer		+
1	💃	woman dancing	dance dancer elegant festive flair flamenco groove let’s salsa tango	+
1	🕺	man dancing	dance dancer elegant festive flair flamenco groove let’s salsa tango	+
1	🕴️	person in suit levitating	business	+
1	👯	people with bunny ears	bestie bff counterpart dancer double identical pair party partying soulmate twin twinsies	+
1	👯‍♂️	men with bunny ears	bestie bff counterpart dancer double identical pair party partying people soulmate twin twinsies	+
1	👯‍♀️	women with bunny ears	bestie bff counterpart dancer double identical pair party partying people soulmate twin twinsies	+
1	🧖	person in steamy room	day luxurious pamper relax sauna spa steambath unwind	+
1	🧖‍♂️	man in steamy room	day luxurious pamper relax sauna spa steambath unwind	+
1	🧖‍♀️	woman in steamy room	day luxurious pamper relax sauna spa steambath unwind	+
1	🧗	person climbing	climber mountain rock scale up	+
1	🧗‍♂️	man climbing	climber mountain rock scale up	+
1	🧗‍♀️	woman climbing	climber mountain rock scale up	+
1	🤺	person fencing	fencer sword	
1	🏇	horse racing	jockey racehorse riding sport	+
1	⛷️	skier	snow	
1	🏂️	snowboarder	ski sport	+
1	🏌️	person golfing	ball birdie caddy driving green pga putt range tee	+
1	🏌️‍♂️	man golfing	ball birdie caddy driving green pga putt range tee	+
1	🏌️‍♀️	woman golfing	ball birdie caddy driving green pga putt range tee	+
1	🏄️	person surfing	beach ocean sport surfer swell waves	+
1	🏄‍♂️	man surfing	beach ocean sport surfer swell waves	+
1	🏄‍♀️	woman surfing	beach ocean person sport surfer swell waves	+
1	🚣	person rowing boat	canoe cruise fishing lake oar paddle raft river rowboat	+
1	🚣‍♂️	man rowing boat	canoe cruise fishing lake oar paddle raft river rowboat	+
1	🚣‍♀️	woman rowing boat	canoe cruise fishing lake oar paddle raft river rowboat	+
1	🏊️	person swimming	freestyle sport swimmer triathlon	+
1	🏊‍♂️	man swimming	freestyle sport swimmer triathlon	+
1	🏊‍♀️	woman swimming	freestyle sport swimmer triathlon	+
1	⛹️	person bouncing ball	athletic basketball championship dribble net player throw	+
1	⛹️‍♂️	man bouncing ball	athletic basketball championship dribble net player throw	+
1	⛹️‍♀️	woman bouncing ball	athletic basketball championship dribble net player throw	+
1	🏋️	person lifting weights	barbell bodybuilder deadlift lifter powerlifting weightlifter workout	+
1	🏋️‍♂️	man lifting weights	barbell bodybuilder deadlift lifter powerlifting weightlifter workout	+
1	🏋️‍♀️	woman lifting weights	barbell bodybuilder deadlift lifter powerlifting weightlifter workout	+
1	🚴	person biking	bicycle bicyclist bike cycle cyclist riding sport	+
1	🚴‍♂️	man biking	bicycle bicyclist bike cycle cyclist riding sport	+
1	🚴‍♀️	woman biking	bicycle bicyclist bike cycle cyclist riding sport	+
1	🚵	person mountain biking	bicycle bicyclist bike cycle cyclist riding sport	+
1	🚵‍♂️	man mountain biking	bicycle bicyclist bike cycle cyclist riding sport	+
1	🚵‍♀️	woman mountain biking	bicycle bicyclist bike cycle cyclist riding sport	+
1	🤸	person cartwheeling	active excited flip gymnastics happy somersault	+
1	🤸‍♂️	man cartwheeling	active excited flip gymnastics happy somersault	+
1	🤸‍♀️	woman cartwheeling	active excited flip gymnastics happy somersault	+
1	🤼	people wrestling	combat duel grapple ring tournament wrestle	+
1	🤼‍♂️	men wrestling	combat duel grapple ring tournament wrestle	+
1	🤼‍♀️	women wrestling	combat duel grapple ring tournament wrestle	+
1	🤽	person playing water polo	sport swimming waterpolo	+
1	🤽‍♂️	man playing water polo	sport swimming waterpolo	+
1	🤽‍♀️	woman playing water polo	sport swimming waterpolo	+
1	🤾	person playing handball	athletics catch chuck hurl lob pitch sport throw toss	+
1	🤾‍♂️	man playing handball	athletics catch chuck hurl lob pitch sport throw toss	+
1	🤾‍♀️	woman playing handball	athletics catch chuck hurl lob pitch sport throw toss	+
1	🤹	person juggling	act balance balancing handle juggle manage multitask skill	+
1	🤹‍♂️	man juggling	act balance balancing handle juggle manage multitask skill	+
1	🤹‍♀️	woman juggling	act balance balancing handle juggle manage multitask skill	+
1	🧘	person in lotus position	cross legged legs meditation peace relax serenity yoga yogi zen	+
1	🧘‍♂️	man in lotus position	cross legged legs meditation peace relax serenity yoga yogi zen	+
1	🧘‍♀️	woman in lotus position	cross legged legs meditation peace relax serenity yoga yogi zen	+
1	🛀	person taking bath	bathtub tub	+
1	🛌	person in bed	bedtime good goodnight hotel nap night sleep tired zzz	+
1	🧑‍🤝‍🧑	people holding hands	bae bestie bff couple dating flirt friends twins	+
1	👭	women holding hands	bae bestie bff couple dating flirt friends girls sisters twins	+
1	👫	woman and man holding hands	bae bestie bff couple dating flirt friends twins	+
1	👬	men holding hands	bae bestie bff boys brothers couple dating flirt friends twins	+
1	💏	kiss	anniversary babe bae couple date dating heart love mwah person romance together xoxo	+
1	👩‍❤️‍💋‍👨	kiss: woman, man	anniversary babe bae couple date dating heart love mwah person romance together xoxo	+
1	👨‍❤️‍💋‍👨	kiss: man, man	anniversary babe bae couple date dating heart love mwah person romance together xoxo	+
1	👩‍❤️‍💋‍👩	kiss: woman, woman	anniversary babe bae couple date dating heart love mwah person romance together xoxo	+
1	💑	couple with heart	anniversary babe bae dating kiss love person relationship romance together you	+
1	👩‍❤️‍👨	couple with heart: woman, man	anniversary babe bae dating kiss love person relationship romance together you	+
1	👨‍❤️‍👨	couple with heart: man, man	anniversary babe bae dating kiss love person relationship romance together you	+
1	👩‍❤️‍👩	couple with heart: woman, woman	anniversary babe bae dating kiss love person relationship romance together you	+
1	👨‍👩‍👦	family: man, woman, boy	child	
1	👨‍👩‍👧	family: man, woman, girl	child	
1	👨‍👩‍👧‍👦	family: man, woman, girl, boy	child	
1	👨‍👩‍👦‍👦	family: man, woman, boy, boy	child	
1	👨‍👩‍👧‍👧	family: man, woman, girl, girl	child	
1	👨‍👨‍👦	family: man, man, boy	child	
1	👨‍👨‍👧	family: man, man, girl	child	
1	👨‍👨‍👧‍👦	family: man, man, girl, boy	child	
1	👨‍👨‍👦‍👦	family: man, man, boy, boy	child	
1	👨‍👨‍👧‍👧	family: man, man, girl, girl	child	
1	👩‍👩‍👦	family: woman, woman, boy	child	
1	👩‍👩‍👧	family: woman, woman, girl	child	
1	👩‍👩‍👧‍👦	family: woman, woman, girl, boy	child	
1	👩‍👩‍👦‍👦	family: woman, woman, boy, boy	child	
1	👩‍👩‍👧‍👧	family: woman, woman, girl, girl	child	
1	👨‍👦	family: man, boy	child	
1	👨‍👦‍👦	family: man, boy, boy	child	
1	👨‍👧	family: man, girl	child	
1	👨‍👧‍👦	family: man, girl, boy	child	
1	👨‍👧‍👧	family: man, girl, girl	child	
1	👩‍👦	family: woman, boy	child	
1	👩‍👦‍👦	family: woman, boy, boy	child	
1	👩‍👧	family: woman, girl	child	
1	👩‍👧‍👦	family: woman, girl, boy	child	
1	👩‍👧‍👧	family: woman, girl, girl	child	
1	🗣️	speaking head	face silhouette	
1	👤	bust in silhouette	mysterious shadow	
1	👥	busts in silhouette	bff everyone friend friends people	
1	🫂	people hugging	comfort embrace farewell friendship goodbye hello love thanks	
1	👪️	family	child	
1	🧑‍🧑‍🧒	family: adult, adult, child		
1	🧑‍🧑‍🧒‍🧒	family: adult, adult, child, child		
1	🧑‍🧒	family: adult, child		
1	🧑‍🧒‍🧒	family: adult, child, child		
1	👣	footprints	barefoot clothing omw walk	
1	🫆	fingerprint	clue crime detective forensics identity mystery safety trace	
3	🐵	monkey face	animal banana	
3	🐒	monkey	animal banana	
3	🦍	gorilla	animal	
3	🦧	orangutan	animal ape monkey	
3	🐶	dog face	adorbs animal pet puppies puppy	
3	🐕️	dog	animal animals dogs pet	
3	🦮	guide dog	accessibility animal blind	
3	🐕‍🦺	service dog	accessibility animal assistance	
3	🐩	poodle	animal dog fluffy	
3	🐺	wolf	animal face	
3	🦊	fox	animal face	
3	🦝	raccoon	animal curious sly	
3	🐱	cat face	animal kitten kitty pet	
3	🐈️	cat	animal animals cats kitten pet	
3	🐈‍⬛	black cat	animal feline halloween meow unlucky	
3	🦁	lion	alpha animal face leo mane order rawr roar safari strong zodiac	
3	🐯	tiger face	animal big cat predator	
3	🐅	tiger	animal big cat predator zoo	
3	🐆	leopard	animal big cat predator zoo	
3	🐴	horse face	animal dressage equine farm horses	
3	🫎	moose	alces animal antlers elk mammal	
3	🫏	donkey	animal ass burro hinny mammal mule stubborn	
3	🐎	horse	animal equestrian farm racehorse racing	
3	🦄	unicorn	face	
3	🦓	zebra	animal stripe	
3	🦌	deer	animal	
3	🦬	bison	animal buffalo herd wisent	
3	🐮	cow face	animal farm milk moo	
3	🐂	ox	animal animals bull farm taurus zodiac	
3	🐃	water buffalo	animal zoo	
3	🐄	cow	animal animals farm milk moo	
3	🐷	pig face	animal bacon farm pork	
3	🐖	pig	animal bacon farm pork sow	
3	🐗	boar	animal pig	
3	🐽	pig nose	animal face farm smell snout	
3	🐏	ram	animal aries horns male sheep zodiac zoo	
3	🐑	ewe	animal baa farm female fluffy lamb sheep wool	
3	🐐	goat	animal capricorn farm milk zodiac	
3	🐪	camel	animal desert dromedary hump one	
3	🐫	two-hump camel	animal bactrian desert	
3	🦙	llama	alpaca animal guanaco vicuña wool	
3	🦒	giraffe	animal spots	
3	🐘	elephant	animal	
3	🦣	mammoth	animal extinction large tusk wooly	
3	🦏	rhinoceros	animal	
3	🦛	hippopotamus	animal	
3	🐭	mouse face	animal	
3	🐁	mouse	animal animals	
3	🐀	rat	animal	
3	🐹	hamster	animal face pet	
3	🐰	rabbit face	animal bunny pet	
3	🐇	rabbit	animal bunny pet	
3	🐿️	chipmunk	animal squirrel	
3	🦫	beaver	animal dam teeth	
3	🦔	hedgehog	animal spiny	
3	🦇	bat	animal vampire	
3	🐻	bear	animal face grizzly growl honey	
3	🐻‍❄️	polar bear	animal arctic white	
3	🐨	koala	animal australia bear down face marsupial under	
3	🐼	panda	animal bamboo face	
3	🦥	sloth	lazy slow	
3	🦦	otter	animal fishing playful	
3	🦨	skunk	animal stink	
3	🦘	kangaroo	animal joey jump marsupial	
3	🦡	badger	animal honey pester	
3	🐾	paw prints	feet paws	
3	🦃	turkey	bird gobble thanksgiving	
3	🐔	chicken	animal bird ornithology	
3	🐓	rooster	animal bird ornithology	
3	🐣	hatching chick	animal baby bird egg	
3	🐤	baby chick	animal bird ornithology	
3	🐥	front-facing baby chick	animal bird newborn ornithology	
3	🐦️	bird	animal ornithology	
3	🐧	penguin	animal antarctica bird ornithology	
3	🕊️	dove	bird fly ornithology peace	
3	🦅	eagle	animal bird ornithology	
3	🦆	duck	animal bird ornithology	
3	🦢	swan	animal bird cygnet duckling ornithology ugly	
3	🦉	owl	animal bird ornithology wise	
3	🦤	dodo	animal bird extinction large ornithology	
3	🪶	feather	bird flight light plumage	
3	🦩	flamingo	animal bird flamboyant ornithology tropical	
3	🦚	peacock	animal bird colorful ornithology ostentatious peahen pretty proud	
3	🦜	parrot	animal bird ornithology pirate talk	
3	🪽	wing	angelic ascend aviation bird fly flying heavenly mythology soar	
3	🐦‍⬛	black bird	animal beak caw corvid crow ornithology raven rook	
3	🪿	goose	animal bird duck flock fowl gaggle gander geese honk ornithology silly	
3	🐦‍🔥	phoenix	ascend ascension emerge fantasy firebird glory immortal rebirth reincarnation reinvent renewal revival revive rise transform	
3	🐸	frog	animal face	
3	🐊	crocodile	animal zoo	
3	🐢	turtle	animal terrapin tortoise	
3	🦎	lizard	animal reptile	
3	🐍	snake	animal bearer ophiuchus serpent zodiac	
3	🐲	dragon face	animal fairy fairytale tale	
3	🐉	dragon	animal fairy fairytale knights tale	
3	🦕	sauropod	brachiosaurus brontosaurus dinosaur diplodocus	
3	🦖	T-Rex	dinosaur rex t t-rex tyrannosaurus	
3	🐳	spouting whale	animal beach face ocean	
3	🐋	whale	animal beach ocean	
3	🐬	dolphin	animal beach flipper ocean	
3	🫍	orca	marine ocean whale	
3	🦭	seal	animal lion ocean	
3	🐟️	fish	animal dinner fishes fishing pisces zodiac	
3	🐠	tropical fish	animal fishes	
3	🐡	blowfish	animal	
3	🦈	shark	animal fish	
3	🐙	octopus	animal creature ocean	
3	🐚	spiral shell	animal beach conch sea	
3	🪸	coral	change climate ocean reef sea	
3	🪼	jellyfish	animal aquarium burn invertebrate life marine ocean ouch plankton sea sting stinger tentacles	
3	🦀	crab	cancer zodiac	
3	🦞	lobster	animal bisque claws seafood	
3	🦐	shrimp	food shellfish small	
3	🦑	squid	animal food mollusk	
3	🦪	oyster	diving pearl	
3	🐌	snail	animal escargot garden nature slug	
3	🦋	butterfly	insect pretty	
3	🐛	bug	animal garden insect	
3	🐜	ant	animal garden insect	
3	🐝	honeybee	animal bumblebee insect nature spring	
3	🪲	beetle	animal bug insect	
3	🐞	lady beetle	animal garden insect ladybird ladybug nature	
3	🦗	cricket	animal bug grasshopper insect orthoptera	
3	🪳	cockroach	animal insect pest	
3	🕷️	spider	animal insect	
3	🕸️	spider web		
3	🦂	scorpion	scorpius zodiac	
3	🦟	mosquito	bite disease fever insect malaria pest virus	
3	🪰	fly	animal disease insect maggot pest rotting	
3	🪱	worm	animal annelid earthworm parasite	
3	🦠	microbe	amoeba bacteria science virus	
3	💐	bouquet	anniversary birthday date flower love plant romance	
3	🌸	cherry blossom	flower plant spring springtime	
3	💮	white flower		
3	🪷	lotus	beauty buddhism calm flower hinduism peace purity serenity	
3	🏵️	rosette	plant	
3	🌹	rose	beauty elegant flower love plant red valentine	
3	🥀	wilted flower	dying	
3	🌺	hibiscus	flower plant	
3	🌻	sunflower	outdoors plant	
3	🌼	blossom	buttercup dandelion flower plant	
3	🌷	tulip	blossom flower growth plant	
3	🪻	hyacinth	bloom bluebonnet flower indigo lavender lilac lupine plant purple shrub snapdragon spring violet	
3	🌱	seedling	plant sapling sprout young	
3	🪴	potted plant	decor grow house nurturing	
3	🌲	evergreen tree	christmas forest pine	
3	🌳	deciduous tree	forest green habitat shedding	
3	🌴	palm tree	beach plant tropical	
3	🌵	cactus	desert drought nature plant	
3	🌾	sheaf of rice	ear grain grains plant	
3	🌿	herb	leaf plant	
3	☘️	shamrock	irish plant	
3	🍀	four leaf clover	4 four-leaf irish lucky plant	
3	🍁	maple leaf	falling	
3	🍂	fallen leaf	autumn falling	
3	🍃	leaf fluttering in wind	blow	
3	🪹	empty nest	branch home nesting	
3	🪺	nest with eggs	bird branch nesting	
3	🍄	mushroom	fungus toadstool	
3	🪾	leafless tree	bare barren branches dead drought trunk winter wood	
4	🍇	grapes	dionysus fruit	
4	🍈	melon	cantaloupe fruit	
4	🍉	watermelon	fruit	
4	🍊	tangerine	c citrus fruit nectarine orange vitamin	
4	🍋	lemon	citrus fruit sour	
4	🍋‍🟩	lime	acidity citrus cocktail fruit garnish key margarita mojito refreshing salsa sour tangy tequila tropical zest	
4	🍌	banana	fruit potassium	
4	🍍	pineapple	colada fruit pina tropical	
4	🥭	mango	food fruit tropical	
4	🍎	red apple	diet food fruit health ripe	
4	🍏	green apple	fruit	
4	🍐	pear	fruit	
4	🍑	peach	fruit	
4	🍒	cherries	berries cherry fruit red	
4	🍓	strawberry	fruit	
4	🫐	blueberries	berry bilberry blueberry food fruit	
4	🥝	kiwi fruit	food	
4	🍅	tomato	food fruit vegetable	
4	🫒	olive	food	
4	🥥	coconut	colada palm piña	
4	🥑	avocado	food fruit	
4	🍆	eggplant	aubergine vegetable	
4	🥔	potato	food vegetable	
4	🥕	carrot	food vegetable	
4	🌽	ear of corn	crops farm maize maze	
4	🌶️	hot pepper		
4	🫑	bell pepper	capsicum food vegetable	
4	🥒	cucumber	food pickle vegetable	
4	🥬	leafy green	bok burgers cabbage choy kale lettuce salad	
4	🥦	broccoli	cabbage wild	
4	🧄	garlic	flavoring	
4	🧅	onion	flavoring	
4	🥜	peanuts	food vegetable	
4	🫘	beans	food kidney legume small	
4	🌰	chestnut	almond plant	
4	🫚	ginger root	beer health herb natural spice	
4	🫛	pea pod	beans beanstalk edamame legume soybean vegetable veggie	
4	🍄‍🟫	brown mushroom	food fungi fungus nature pizza portobello shiitake spore sprout toppings truffle vegetable vegetarian veggie	
4	🫜	root vegetable	beet food garden radish salad turnip vegetarian	
4	🍞	bread	carbs food grain loaf restaurant toast wheat	
4	🥐	croissant	bread breakfast crescent food french roll	
4	🥖	baguette bread	food french	
4	🫓	flatbread	arepa food gordita lavash naan pita	
4	🥨	pretzel	convoluted twisted	
4	🥯	bagel	bakery bread breakfast schmear	
4	🥞	pancakes	breakfast crêpe food hotcake	
4	🧇	waffle	breakfast indecisive iron	
4	🧀	cheese wedge		
4	🍖	meat on bone		
4	🍗	poultry leg	bone chicken drumstick hungry turkey	
4	🥩	cut of meat	chop lambchop porkchop red steak	
4	🥓	bacon	breakfast food meat	
4	🍔	hamburger	eat fast food hungry	
4	🍟	french fries	fast food	
4	🍕	pizza	cheese food hungry pepperoni slice	
4	🌭	hot dog	frankfurter hotdog sausage	
4	🥪	sandwich	bread	
4	🌮	taco	mexican	
4	🌯	burrito	mexican wrap	
4	🫔	tamale	food mexican pamonha wrapped	
4	🥙	stuffed flatbread	falafel food gyro kebab	
4	🧆	falafel	chickpea meatball	
4	🥚	egg	breakfast food	
4	🍳	cooking	breakfast easy egg fry frying over pan restaurant side sunny up	
4	🥘	shallow pan of food	casserole paella	
4	🍲	pot of food	soup stew	
4	🫕	fondue	cheese chocolate food melted pot ski	
4	🥣	bowl with spoon	breakfast cereal congee oatmeal porridge	
4	🥗	green salad	food	
4	🍿	popcorn	movie	
4	🧈	butter	dairy	
4	🧂	salt	condiment flavor mad salty shaker taste upset	
4	🥫	canned food		
4	🍱	bento box	food	
4	🍘	rice cracker	food	
4	🍙	rice ball	food japanese	
4	🍚	cooked rice	food	
4	🍛	curry rice	food	
4	🍜	steaming bowl	chopsticks food noodle pho ramen soup	
4	🍝	spaghetti	food meatballs pasta restaurant	
4	🍠	roasted sweet potato	food	
4	🍢	oden	food kebab restaurant seafood skewer stick	
4	🍣	sushi	food	
4	🍤	fried shrimp	prawn tempura	
4	🍥	fish cake with swirl	food pastry restaurant	
4	🥮	moon cake	autumn festival yuèbǐng	
4	🍡	dango	dessert japanese skewer stick sweet	
4	🥟	dumpling	empanada gyōza jiaozi pierogi potsticker	
4	🥠	fortune cookie	prophecy	
4	🥡	takeout box	chopsticks delivery food oyster pail	
4	🍦	soft ice cream	dessert food icecream restaurant serve sweet	
4	🍧	shaved ice	dessert restaurant sweet	
4	🍨	ice cream	dessert food restaurant sweet	
4	🍩	doughnut	breakfast dessert donut food sweet	
4	🍪	cookie	chip chocolate dessert sweet	
4	🎂	birthday cake	bday celebration dessert happy pastry sweet	
4	🍰	shortcake	dessert pastry slice sweet	
4	🧁	cupcake	bakery dessert sprinkles sugar sweet treat	
4	🥧	pie	apple filling fruit meat pastry pumpkin slice	
4	🍫	chocolate bar	candy dessert halloween sweet tooth	
4	🍬	candy	cavities dessert halloween restaurant sweet tooth wrapper	
4	🍭	lollipop	candy dessert food restaurant sweet	
4	🍮	custard	dessert pudding sweet	
4	🍯	honey pot	barrel bear food honeypot jar sweet	
4	🍼	baby bottle	babies birth born drink infant milk newborn	
4	🥛	glass of milk	drink	
4	☕️	hot beverage	cafe caffeine chai coffee drink morning steaming tea	
4	🫖	teapot	brew drink food	
4	🍵	teacup without handle	beverage drink oolong	
4	🍶	sake	bar beverage bottle cup drink restaurant	
4	🍾	bottle with popping cork	bar drink	
4	🍷	wine glass	alcohol bar beverage booze club drink drinking drinks restaurant	
4	🍸️	cocktail glass	alcohol bar booze club drink drinking drinks mad martini men	
4	🍹	tropical drink	alcohol bar booze club cocktail drinking drinks drunk mai party tai tropics	
4	🍺	beer mug	alcohol ale bar booze drink drinking drinks octoberfest oktoberfest pint stein summer	
4	🍻	clinking beer mugs	alcohol bar booze bottoms cheers drinking drinks	
4	🥂	clinking glasses	celebrate drink	
4	🥃	tumbler glass	liquor scotch shot whiskey whisky	
4	🫗	pouring liquid	accident drink empty glass oops spill water	
4	🥤	cup with straw	drink juice malt soda soft water	
4	🧋	bubble tea	boba food milk pearl	
4	🧃	beverage box	juice straw sweet	
4	🧉	mate	drink	
4	🧊	ice	cold cube iceberg	
4	🥢	chopsticks	hashi jeotgarak kuaizi	
4	🍽️	fork and knife with plate	cooking dinner eat	
4	🍴	fork and knife	breakfast breaky cooking cutlery delicious dinner eat feed food hungry lunch restaurant yum yummy	
4	🥄	spoon	eat tableware	
4	🔪	kitchen knife	chef cooking hocho tool weapon	
4	🫙	jar	condiment container empty nothing sauce store	
4	🏺	amphora	aquarius cooking drink jug tool weapon zodiac	
5	🌍️	globe showing Europe-Africa	africa earth europe europe-africa world	
5	🌎️	globe showing Americas	americas earth world	
5	🌏️	globe showing Asia-Australia	asia asia-australia australia earth world	
5	🌐	globe with meridians	earth internet web world worldwide	
5	🗺️	world map		
5	🗾	map of Japan	japan	
5	🧭	compass	direction magnetic navigation orienteering	
5	🏔️	snow-capped mountain	cold	
5	⛰️	mountain		
5	🛘	landslide	avalanche danger disaster earthquake mountain mudslide rocks	
5	🌋	volcano	eruption mountain nature	
5	🗻	mount fuji	mountain nature	
5	🏕️	camping		
5	🏖️	beach with umbrella		
5	🏜️	desert		
5	🏝️	desert island		
5	🏞️	national park		
5	🏟️	stadium		
5	🏛️	classical building		
5	🏗️	building construction	crane	
5	🧱	brick	bricks clay mortar wall	
5	🪨	rock	boulder heavy solid stone tough	
5	🪵	wood	log lumber timber	
5	🛖	hut	home house roundhouse shelter yurt	
5	🏘️	houses		
5	🏚️	derelict house	home	
5	🏠️	house	building country heart home ranch settle simple suburban suburbia where	
5	🏡	house with garden	building country heart home ranch settle simple suburban suburbia where	
5	🏢	office building	city cubical job	
5	🏣	Japanese post office	building japanese	
5	🏤	post office	building european	
5	🏥	hospital	building doctor medicine	
5	🏦	bank	building	
5	🏨	hotel	building	
5	🏩	love hotel	building	
5	🏪	convenience store	24 building hours	
5	🏫	school	building	
5	🏬	department store	building	
5	🏭️	factory	building	
5	🏯	Japanese castle	building japanese	
5	🏰	castle	building european	
5	💒	wedding	chapel hitched nuptials romance	
5	🗼	Tokyo tower	tokyo	
5	🗽	Statue of Liberty	liberty new ny nyc statue york	
5	⛪️	church	bless chapel christian cross religion	
5	🕌	mosque	islam masjid muslim religion	
5	🛕	hindu temple		
5	🕍	synagogue	jew jewish judaism religion temple	
5	⛩️	shinto shrine	religion	
5	🕋	kaaba	hajj islam muslim religion umrah	
5	⛲️	fountain		
5	⛺️	tent	camping	
5	🌁	foggy		
5	🌃	night with stars		
5	🏙️	cityscape		
5	🌄	sunrise over mountains	morning	
5	🌅	sunrise	morning nature	
5	🌆	cityscape at dusk	building evening landscape sun sunset	
5	🌇	sunset	building dusk	
5	🌉	bridge at night		
5	♨️	hot springs	hotsprings steaming	
5	🎠	carousel horse	entertainment	
5	🛝	playground slide	amusement park playing sliding theme	
5	🎡	ferris wheel	amusement park theme	
5	🎢	roller coaster	amusement park theme	
5	💈	barber pole	cut fresh haircut shave	
5	🎪	circus tent		
5	🚂	locomotive	caboose engine railway steam train trains travel	
5	🚃	railway car	electric train tram travel trolleybus	
5	🚄	high-speed train	railway shinkansen	
5	🚅	bullet train	high-speed nose railway shinkansen speed travel	
5	🚆	train	arrived choo railway	
5	🚇️	metro	subway travel	
5	🚈	light rail	arrived monorail railway	
5	🚉	station	railway train	
5	🚊	tram	trolleybus	
5	🚝	monorail	vehicle	
5	🚞	mountain railway	car trip	
5	🚋	tram car	bus trolley trolleybus	
5	🚌	bus	school vehicle	
5	🚍️	oncoming bus	cars	
5	🚎	trolleybus	tram	
5	🚐	minibus	drive van vehicle	
5	🚑️	ambulance	emergency vehicle	
5	🚒	fire engine	truck	
5	🚓	police car	5–0 cops patrol	
5	🚔️	oncoming police car		
5	🚕	taxi	cab cabbie car drive vehicle yellow	
5	🚖	oncoming taxi	cab cabbie cars drove hail yellow	
5	🚗	automobile	car driving vehicle	
5	🚘️	oncoming automobile	car cars drove vehicle	
5	🚙	sport utility vehicle	car drive recreational sportutility	
5	🛻	pickup truck	automobile car flatbed pick-up transportation	
5	🚚	delivery truck	car drive vehicle	
5	🚛	articulated lorry	car drive move semi truck vehicle	
5	🚜	tractor	vehicle	
5	🏎️	racing car	zoom	
5	🏍️	motorcycle	racing	
5	🛵	motor scooter		
5	🦽	manual wheelchair	accessibility	
5	🦼	motorized wheelchair	accessibility	
5	🛺	auto rickshaw	tuk	
5	🚲️	bicycle	bike class cycling cyclist gang ride spin spinning	
5	🛴	kick scooter		
5	🛹	skateboard	skater wheels	
5	🛼	roller skate	blades skates sport	
5	🚏	bus stop	busstop	
5	🛣️	motorway	highway road	
5	🛤️	railway track	train	
5	🛢️	oil drum		
5	⛽️	fuel pump	diesel fuelpump gas gasoline station	
5	🛞	wheel	car circle tire turn vehicle	
5	🚨	police car light	alarm alert beacon emergency revolving siren	
5	🚥	horizontal traffic light	intersection signal stop stoplight	
5	🚦	vertical traffic light	drove intersection signal stop stoplight	
5	🛑	stop sign	octagonal	
5	🚧	construction	barrier	
5	⚓️	anchor	ship tool	
5	🛟	ring buoy	float life lifesaver preserver rescue safety save saver swim	
5	⛵️	sailboat	resort sailing sea yacht	
5	🛶	canoe	boat	
5	🚤	speedboat	billionaire lake luxury millionaire summer travel	
5	🛳️	passenger ship		
5	⛴️	ferry	boat passenger	
5	🛥️	motor boat	motorboat	
5	🚢	ship	boat passenger travel	
5	✈️	airplane	aeroplane fly flying jet travel	
5	🛩️	small airplane	aeroplane	
5	🛫	airplane departure	aeroplane check-in departures	
5	🛬	airplane arrival	aeroplane arrivals arriving landing	
5	🪂	parachute	hang-glide parasail skydive	
5	💺	seat	chair	
5	🚁	helicopter	roflcopter travel vehicle	
5	🚟	suspension railway		
5	🚠	mountain cableway	gondola lift ski	
5	🚡	aerial tramway	cable car gondola ropeway	
5	🛰️	satellite	space	
5	🚀	rocket	launch rockets space travel	
5	🛸	flying saucer	aliens extra terrestrial ufo	
5	🛎️	bellhop bell	hotel	
5	🧳	luggage	bag packing roller suitcase travel	
5	⌛️	hourglass done	sand time timer	
5	⏳️	hourglass not done	flowing hours sand timer waiting yolo	
5	⌚️	watch	clock time	
5	⏰️	alarm clock	hours hrs late time waiting	
5	⏱️	stopwatch	clock time	
5	⏲️	timer clock		
5	🕰️	mantelpiece clock	time	
5	🕛️	twelve o’clock	12 12:00 time	
5	🕧️	twelve-thirty	12 12:30 30 clock time	
5	🕐️	one o’clock	1 1:00 time	
5	🕜️	one-thirty	1 1:30 30 clock time	
5	🕑️	two o’clock	2 2:00 time	
5	🕝️	two-thirty	2 2:30 30 clock time	
5	🕒️	three o’clock	3 3:00 time	
5	🕞️	three-thirty	3 30 3:30 clock time	
5	🕓️	four o’clock	4 4:00 time	
5	🕟️	four-thirty	30 4 4:30 clock time	
5	🕔️	five o’clock	5 5:00 time	
5	🕠️	five-thirty	30 5 5:30 clock time	
5	🕕️	six o’clock	6 6:00 time	
5	🕡️	six-thirty	30 6 6:30 clock	
5	🕖️	seven o’clock	0 7 7:00	
5	🕢️	seven-thirty	30 7 7:30 clock	
5	🕗️	eight o’clock	8 8:00 time	
5	🕣️	eight-thirty	30 8 8:30 clock time	
5	🕘️	nine o’clock	9 9:00 time	
5	🕤️	nine-thirty	30 9 9:30 clock time	
5	🕙️	ten o’clock	0 10 10:00	
5	🕥️	ten-thirty	10 10:30 30 clock time	
5	🕚️	eleven o’clock	11 11:00 time	
5	🕦️	eleven-thirty	11 11:30 30 clock time	
5	🌑	new moon	dark space	
5	🌒	waxing crescent moon	dreams space	
5	🌓	first quarter moon	space	
5	🌔	waxing gibbous moon	space	
5	🌕️	full moon	space	
5	🌖	waning gibbous moon	space	
5	🌗	last quarter moon	space	
5	🌘	waning crescent moon	space	
5	🌙	crescent moon	ramadan space	
5	🌚	new moon face	space	
5	🌛	first quarter moon face	space	
5	🌜️	last quarter moon face	dreams	
5	🌡️	thermometer	weather	
5	☀️	sun	bright rays space sunny weather	
5	🌝	full moon face	bright	
5	🌞	sun with face	beach bright day heat shine sunny sunshine weather	
5	🪐	ringed planet	saturn saturnine	
5	⭐️	star	astronomy medium stars white	
5	🌟	glowing star	glittery night shining sparkle	
5	🌠	shooting star	falling night space	
5	🌌	milky way	space	
5	☁️	cloud	weather	
5	⛅️	sun behind cloud	cloudy weather	
5	⛈️	cloud with lightning and rain	thunder thunderstorm	
5	🌤️	sun behind small cloud	weather	
5	🌥️	sun behind large cloud	weather	
5	🌦️	sun behind rain cloud	weather	
5	🌧️	cloud with rain	weather	
5	🌨️	cloud with snow	cold weather	
5	🌩️	cloud with lightning	weather	
5	🌪️	tornado	cloud weather whirlwind	
5	🌫️	fog	cloud weather	
5	🌬️	wind face	blow cloud	
5	🌀	cyclone	dizzy hurricane twister typhoon weather	
5	🌈	rainbow	gay genderqueer glbt glbtq lesbian lgbt lgbtq lgbtqia nature pride queer trans transgender weather	
5	🌂	closed umbrella	clothing rain	
5	☂️	umbrella	clothing rain	
5	☔️	umbrella with rain drops	clothing weather	
5	⛱️	umbrella on ground	rain sun	
5	⚡️	high voltage	danger electric electricity lightning nature thunder thunderbolt zap	
5	❄️	snowflake	cold weather	
5	☃️	snowman	cold	
5	⛄️	snowman without snow	cold	
5	☄️	comet	space	
5	🔥	fire	af burn flame hot lit litaf tool	
5	💧	droplet	cold comic nature sad sweat tear water weather	
5	🌊	water wave	nature ocean surf surfer surfing	
6	🎃	jack-o-lantern	celebration halloween pumpkin	
6	🎄	Christmas tree	celebration christmas	
6	🎆	fireworks	boom celebration entertainment yolo	
6	🎇	sparkler	boom celebration fireworks	
6	🧨	firecracker	dynamite explosive fireworks light pop popping spark	
6	✨️	sparkles	* magic star	
6	🎈	balloon	birthday celebrate celebration	
6	🎉	party popper	awesome birthday celebrate celebration excited hooray tada woohoo	
6	🎊	confetti ball	celebrate celebration party woohoo	
6	🎋	tanabata tree	banner celebration japanese	
6	🎍	pine decoration	bamboo celebration japanese plant	
6	🎎	Japanese dolls	celebration festival japanese	
6	🎏	carp streamer	celebration	
6	🎐	wind chime	bell celebration	
6	🎑	moon viewing ceremony	celebration	
6	🧧	red envelope	gift good hóngbāo lai luck money see	
6	🎀	ribbon	celebration	
6	🎁	wrapped gift	birthday bow box celebration christmas present surprise	
6	🎗️	reminder ribbon	celebration	
6	🎟️	admission tickets		
6	🎫	ticket	admission stub	
6	🎖️	military medal	award celebration	
6	🏆️	trophy	champion champs prize slay sport victory win winning	
6	🏅	sports medal	award gold winner	
6	🥇	1st place medal	first gold	
6	🥈	2nd place medal	second silver	
6	🥉	3rd place medal	bronze third	
6	⚽️	soccer ball	football futbol sport	
6	⚾️	baseball	sport	
6	🥎	softball	glove sports underarm	
6	🏀	basketball	hoop sport	
6	🏐	volleyball	game	
6	🏈	american football	bowl sport super	
6	🏉	rugby football	sport	
6	🎾	tennis	ball racquet sport	
6	🥏	flying disc	ultimate	
6	🎳	bowling	ball game sport strike	
6	🏏	cricket game	ball bat	
6	🏑	field hockey	ball game stick	
6	🏒	ice hockey	game puck stick	
6	🥍	lacrosse	ball goal sports stick	
6	🏓	ping pong	ball bat game paddle pingpong table tennis	
6	🏸	badminton	birdie game racquet shuttlecock	
6	🥊	boxing glove		
6	🥋	martial arts uniform	judo karate taekwondo	
6	🥅	goal net		
6	⛳️	flag in hole	golf sport	
6	⛸️	ice skate	skating	
6	🎣	fishing pole	entertainment sport	
6	🤿	diving mask	scuba snorkeling	
6	🎽	running shirt	athletics sash	
6	🎿	skis	snow sport	
6	🛷	sled	luge sledge sleigh snow toboggan	
6	🥌	curling stone	game rock	
6	🎯	bullseye	dart direct entertainment game hit target	
6	🪀	yo-yo	fluctuate toy	
6	🪁	kite	fly soar	
6	🔫	water pistol	gun handgun revolver tool weapon	
6	🎱	pool 8 ball	8ball billiard eight game	
6	🔮	crystal ball	fairy fairytale fantasy fortune future magic tale tool	
6	🪄	magic wand	magician witch wizard	
6	🎮️	video game	controller entertainment	
6	🕹️	joystick	game video videogame	
6	🎰	slot machine	casino gamble gambling game slots	
6	🎲	game die	dice entertainment	
6	🧩	puzzle piece	clue interlocking jigsaw	
6	🧸	teddy bear	plaything plush stuffed toy	
6	🪅	piñata	candy celebrate celebration cinco de festive mayo party pinada pinata	
6	🪩	mirror ball	dance disco glitter party	
6	🪆	nesting dolls	babooshka baboushka babushka matryoshka russia	
6	♠️	spade suit	card game	
6	♥️	heart suit	card emotion game hearts	
6	♦️	diamond suit	card game	
6	♣️	club suit	card clubs game	
6	♟️	chess pawn	dupe expendable	
6	🃏	joker	card game wildcard	
6	🀄️	mahjong red dragon	game	
6	🎴	flower playing cards	game japanese	
6	🎭️	performing arts	actor actress entertainment mask theater theatre thespian	
6	🖼️	framed picture	art museum painting	
6	🎨	artist palette	artsy arty colorful creative entertainment museum painter painting	
6	🧵	thread	needle sewing spool string	
6	🪡	sewing needle	embroidery stitches sutures tailoring thread	
6	🧶	yarn	ball crochet knit	
6	🪢	knot	cord rope tangled tie twine twist	
7	👓️	glasses	clothing eye eyeglasses eyewear	
7	🕶️	sunglasses	dark eye eyewear	
7	🥽	goggles	dive eye protection scuba swimming welding	
7	🥼	lab coat	clothes doctor dr experiment jacket scientist white	
7	🦺	safety vest	emergency	
7	👔	necktie	clothing employed serious shirt	
7	👕	t-shirt	blue casual clothes clothing collar dressed shopping tshirt weekend	
7	👖	jeans	blue casual clothes clothing denim dressed pants shopping trousers weekend	
7	🧣	scarf	bundle cold neck up	
7	🧤	gloves	hand	
7	🧥	coat	brr bundle cold jacket up	
7	🧦	socks	stocking	
7	👗	dress	clothes clothing dressed fancy shopping	
7	👘	kimono	clothing comfortable	
7	🥻	sari	clothing dress	
7	🩱	one-piece swimsuit	bathing	
7	🩲	briefs	bathing one-piece suit swimsuit underwear	
7	🩳	shorts	bathing pants suit swimsuit underwear	
7	👙	bikini	bathing beach clothing pool suit swim	
7	👚	woman’s clothes	blouse clothing collar dress dressed lady shirt shopping	
7	🪭	folding hand fan	clack clap cool cooling dance flirt flutter hot shy	
7	👛	purse	clothes clothing coin dress fancy handbag shopping	
7	👜	handbag	clothes clothing dress lady purse shopping	
7	👝	clutch bag	clothes clothing dress handbag pouch purse	
7	🛍️	shopping bags	hotel	
7	🎒	backpack	backpacking bag bookbag education rucksack satchel school	
7	🩴	thong sandal	beach flip flop sandals shoe thongs zōri	
7	👞	man’s shoe	brown clothes clothing feet foot kick shoes shopping	
7	👟	running shoe	athletic clothes clothing fast kick shoes shopping sneaker tennis	
7	🥾	hiking boot	backpacking brown camping outdoors shoe	
7	🥿	flat shoe	ballet comfy flats slip-on slipper	
7	👠	high-heeled shoe	clothes clothing dress fashion heels shoes shopping stiletto woman	
7	👡	woman’s sandal	clothing shoe	
7	🩰	ballet shoes	dance	
7	👢	woman’s boot	clothes clothing dress shoe shoes shopping	
7	🪮	hair pick	afro comb groom	
7	👑	crown	clothing family king medieval queen royal royalty win	
7	👒	woman’s hat	clothes clothing garden hats party	
7	🎩	top hat	clothes clothing fancy formal magic tophat	
7	🎓️	graduation cap	celebration clothing education hat scholar	
7	🧢	billed cap	baseball bent dad hat	
7	🪖	military helmet	army soldier war warrior	
7	⛑️	rescue worker’s helmet	aid cross face hat	
7	📿	prayer beads	clothing necklace religion	
7	💄	lipstick	cosmetics date makeup	
7	💍	ring	diamond engaged engagement married romance shiny sparkling wedding	
7	💎	gem stone	diamond engagement jewel money romance wedding	
7	🔇	muted speaker	quiet silent sound	
7	🔈️	speaker low volume	soft sound	
7	🔉	speaker medium volume	sound	
7	🔊	speaker high volume	loud music sound	
7	📢	loudspeaker	address communication public sound	
7	📣	megaphone	cheering sound	
7	📯	postal horn		
7	🔔	bell	break church sound	
7	🔕	bell with slash	forbidden mute no not prohibited quiet silent sound	
7	🎼	musical score	note	
7	🎵	musical note	sound	
7	🎶	musical notes	sound	
7	🎙️	studio microphone	music	
7	🎚️	level slider	music	
7	🎛️	control knobs	music	
7	🎤	microphone	karaoke music sing sound	
7	🎧️	headphone	earbud sound	
7	📻️	radio	entertainment tbt video	
7	🎷	saxophone	instrument music	
7	🎺	trumpet	instrument music	
7	🪊	trombone	brass instrument jazz music sad slide	
7	🪗	accordion	box concertina instrument music squeeze squeezebox	
7	🎸	guitar	instrument music strat	
7	🎹	musical keyboard	instrument piano	
7	🎻	violin	instrument music	
7	🪕	banjo	music stringed	
7	🥁	drum	drumsticks music	
7	🪘	long drum	beat conga instrument rhythm	
7	🪇	maracas	cha dance instrument music party percussion rattle shake shaker	
7	🪈	flute	band fife flautist instrument marching music orchestra piccolo pipe recorder woodwind	
7	🪉	harp	cupid instrument love music orchestra	
7	📱	mobile phone	cell communication telephone	
7	📲	mobile phone with arrow	build call cell communication receive telephone	
7	☎️	telephone		
7	📞	telephone receiver	communication voip	
7	📟️	pager	communication	
7	📠	fax machine	communication	
7	🔋	battery		
7	🪫	low battery	drained electronic energy power	
7	🔌	electric plug	electricity	
7	💻️	laptop	computer office pc personal	
7	🖥️	desktop computer	monitor	
7	🖨️	printer	computer	
7	⌨️	keyboard	computer	
7	🖱️	computer mouse		
7	🖲️	trackball	computer	
7	💽	computer disk	minidisk optical	
7	💾	floppy disk	computer	
7	💿️	optical disk	blu-ray cd computer dvd	
7	📀	dvd	blu-ray cd computer disk optical	
7	🧮	abacus	calculation calculator	
7	🎥	movie camera	bollywood cinema film hollywood record	
7	🎞️	film frames	cinema movie	
7	📽️	film projector	cinema movie video	
7	🎬️	clapper board	action movie	
7	📺️	television	tv video	
7	📷️	camera	photo selfie snap tbt trip video	
7	📸	camera with flash	video	
7	📹️	video camera	camcorder tbt	
7	📼	videocassette	old school tape vcr vhs	
7	🔍️	magnifying glass tilted left	lab left-pointing science search tool	
7	🔎	magnifying glass tilted right	contact lab right-pointing science search tool	
7	🕯️	candle	light	
7	💡	light bulb	comic electric idea	
7	🔦	flashlight	electric tool torch	
7	🏮	red paper lantern	bar light restaurant	
7	🪔	diya lamp	light oil	
7	📔	notebook with decorative cover	decorated education school writing	
7	📕	closed book	education	
7	📖	open book	education fantasy knowledge library novels reading	
7	📗	green book	education fantasy library reading	
7	📘	blue book	education fantasy library reading	
7	📙	orange book	education fantasy library reading	
7	📚️	books	education fantasy knowledge library novels reading school study	
7	📓	notebook		
7	📒	ledger	notebook	
7	📃	page with curl	document paper	
7	📜	scroll	paper	
7	📄	page facing up	document paper	
7	📰	newspaper	communication	
7	🗞️	rolled-up newspaper		
7	📑	bookmark tabs	marker	
7	🔖	bookmark		
7	🏷️	label	tag	
7	🪙	coin	dollar euro gold metal money rich silver treasure	
7	💰️	money bag	bank bet billion cash cost dollar gold million moneybag paid paying pot rich win	
7	🪎	treasure chest	gem gold jewels loot money prize silver valuables wealth	
7	💴	yen banknote	bill currency money	
7	💵	dollar banknote	bill currency money	
7	💶	euro banknote	100 bill currency money rich	
7	💷	pound banknote	bill billion cash currency money pounds	
7	💸	money with wings	bank banknote bill billion cash dollar fly million note pay	
7	💳️	credit card	bank cash charge money pay	
7	🧾	receipt	accounting bookkeeping evidence invoice proof	
7	💹	chart increasing with yen	bank currency graph growth market money rise trend upward	
7	✉️	envelope	e-mail email letter	
7	📧	e-mail	email letter	
7	📨	incoming envelope	delivering e-mail email letter mail receive sent	
7	📩	envelope with arrow	communication down e-mail email letter mail outgoing send sent	
7	📤️	outbox tray	email letter mail sent	
7	📥️	inbox tray	email letter mail receive zero	
7	📦️	package	box communication delivery parcel shipping	
7	📫️	closed mailbox with raised flag	communication postbox	
7	📪️	closed mailbox with lowered flag	postbox	
7	📬️	open mailbox with raised flag	postbox	
7	📭️	open mailbox with lowered flag	postbox	
7	📮	postbox	mail mailbox	
7	🗳️	ballot box with ballot		
7	✏️	pencil		
7	✒️	black nib	pen	
7	🖋️	fountain pen		
7	🖊️	pen	ballpoint	
7	🖌️	paintbrush	painting	
7	🖍️	crayon		
7	📝	memo	communication media notes pencil	
7	💼	briefcase	office	
7	📁	file folder		
7	📂	open file folder		
7	🗂️	card index dividers		
7	📅	calendar	date	
7	📆	tear-off calendar		
7	🗒️	spiral notepad		
7	🗓️	spiral calendar	pad	
7	📇	card index	old rolodex school	
7	📈	chart increasing	data graph growth right trend up upward	
7	📉	chart decreasing	data down downward graph negative trend	
7	📊	bar chart	data graph	
7	📋️	clipboard	do list notes	
7	📌	pushpin	collage	
7	📍	round pushpin	location map	
7	📎	paperclip		
7	🖇️	linked paperclips		
7	📏	straight ruler	angle edge math straightedge	
7	📐	triangular ruler	angle math set slide triangle	
7	✂️	scissors	cut cutting paper tool	
7	🗃️	card file box		
7	🗄️	file cabinet	filing paper	
7	🗑️	wastebasket	can garbage trash	
7	🔒️	locked	closed private	
7	🔓️	unlocked	cracked open	
7	🔏	locked with pen	ink nib privacy	
7	🔐	locked with key	bike closed secure	
7	🔑	key	keys lock major password unlock	
7	🗝️	old key	clue lock	
7	🔨	hammer	home improvement repairs tool	
7	🪓	axe	chop hatchet split wood	
7	⛏️	pick	hammer mining tool	
7	⚒️	hammer and pick	tool	
7	🛠️	hammer and wrench	spanner tool	
7	🗡️	dagger	knife weapon	
7	⚔️	crossed swords	weapon	
7	💣️	bomb	boom comic dangerous explosion hot	
7	🪃	boomerang	rebound repercussion weapon	
7	🏹	bow and arrow	archer archery sagittarius tool weapon zodiac	
7	🛡️	shield	weapon	
7	🪚	carpentry saw	carpenter cut lumber tool trim	
7	🔧	wrench	home improvement spanner tool	
7	🪛	screwdriver	flathead handy tool	
7	🔩	nut and bolt	home improvement tool	
7	⚙️	gear	cog cogwheel tool	
7	🗜️	clamp	compress tool vice	
7	⚖️	balance scale	justice libra scales tool weight zodiac	
7	🦯	white cane	accessibility blind probing	
7	🔗	link	links	
7	⛓️‍💥	broken chain	break breaking cuffs freedom	
7	⛓️	chains		
7	🪝	hook	catch crook curve ensnare point selling	
7	🧰	toolbox	chest mechanic red	
7	🧲	magnet	attraction horseshoe magnetic negative positive shape u	
7	🪜	ladder	climb rung step	
7	🪏	shovel	bury dig garden hole plant scoop snow spade	
7	⚗️	alembic	chemistry tool	
7	🧪	test tube	chemist chemistry experiment lab science	
7	🧫	petri dish	bacteria biologist biology culture lab	
7	🧬	dna	biologist evolution gene genetics life	
7	🔬	microscope	experiment lab science tool	
7	🔭	telescope	contact extraterrestrial science tool	
7	📡	satellite antenna	aliens contact dish science	
7	💉	syringe	doctor flu medicine needle shot sick tool vaccination	
7	🩸	drop of blood	bleed donation injury medicine menstruation	
7	💊	pill	doctor drugs medicated medicine pills sick vitamin	
7	🩹	adhesive bandage		
7	🩼	crutch	aid cane disability help hurt injured mobility stick	
7	🩺	stethoscope	doctor heart medicine	
7	🩻	x-ray	bones doctor medical skeleton skull xray	
7	🚪	door	back closet front	
7	🛗	elevator	accessibility hoist lift	
7	🪞	mirror	makeup reflection reflector speculum	
7	🪟	window	air frame fresh opening transparent view	
7	🛏️	bed	hotel sleep	
7	🛋️	couch and lamp	hotel	
7	🪑	chair	seat sit	
7	🚽	toilet	bathroom	
7	🪠	plunger	cup force plumber poop suction toilet	
7	🚿	shower	water	
7	🛁	bathtub		
7	🪤	mouse trap	bait cheese lure mousetrap snare	
7	🪒	razor	sharp shave	
7	🧴	lotion bottle	moisturizer shampoo sunscreen	
7	🧷	safety pin	diaper punk rock	
7	🧹	broom	cleaning sweeping witch	
7	🧺	basket	farming laundry picnic	
7	🧻	roll of paper	toilet towels	
7	🪣	bucket	cask pail vat	
7	🧼	soap	bar bathing clean cleaning lather soapdish	
7	🫧	bubbles	burp clean floating pearl soap underwater	
7	🪥	toothbrush	bathroom clean dental hygiene teeth toiletry	
7	🧽	sponge	absorbing cleaning porous soak	
7	🧯	fire extinguisher	quench	
7	🛒	shopping cart	trolley	
7	🚬	cigarette	smoking	
7	⚰️	coffin	dead death vampire	
7	🪦	headstone	cemetery dead grave graveyard memorial rip tomb tombstone	
7	⚱️	funeral urn	ashes death	
7	🧿	nazar amulet	bead blue charm evil-eye talisman	
7	🪬	hamsa	amulet fatima fortune guide hand mary miriam palm protect protection	
7	🗿	moai	face moyai statue stoneface travel	
7	🪧	placard	demonstration notice picket plaque protest sign	
7	🪪	identification card	credentials document license security	
8	🏧	ATM sign	atm automated bank cash money teller	
8	🚮	litter in bin sign	litterbin	
8	🚰	potable water	drinking	
8	♿️	wheelchair symbol	access handicap	
8	🚹️	men’s room	bathroom lavatory man restroom toilet wc	
8	🚺️	women’s room	bathroom lavatory restroom toilet wc woman	
8	🚻	restroom	bathroom lavatory toilet wc	
8	🚼️	baby symbol	changing	
8	🚾	water closet	bathroom lavatory restroom toilet wc	
8	🛂	passport control		
8	🛃	customs	packing	
8	🛄	baggage claim	arrived bags case checked journey packing plane ready travel trip	
8	🛅	left luggage	baggage case locker	
8	⚠️	warning	caution	
8	🚸	children crossing	pedestrian traffic	
8	⛔️	no entry	do fail forbidden not pass prohibited traffic	
8	🚫	prohibited	entry forbidden no not smoke	
8	🚳	no bicycles	bike forbidden not prohibited	
8	🚭️	no smoking	forbidden not prohibited smoke	
8	🚯	no littering	forbidden not prohibited	
8	🚱	non-potable water	dry non-drinking prohibited	
8	🚷	no pedestrians	forbidden not prohibited	
8	📵	no mobile phones	cell forbidden not prohibited telephone	
8	🔞	no one under eighteen	18 age forbidden not prohibited restriction underage	
8	☢️	radioactive	sign	
8	☣️	biohazard	sign	
8	⬆️	up arrow	cardinal direction north	
8	↗️	up-right arrow	direction intercardinal northeast	
8	➡️	right arrow	cardinal direction east	
8	↘️	down-right arrow	direction intercardinal southeast	
8	⬇️	down arrow	cardinal direction south	
8	↙️	down-left arrow	direction intercardinal southwest	
8	⬅️	left arrow	cardinal direction west	
8	↖️	up-left arrow	direction intercardinal northwest	
8	↕️	up-down arrow		
8	↔️	left-right arrow		
8	↩️	right arrow curving left		
8	↪️	left arrow curving right		
8	⤴️	right arrow curving up		
8	⤵️	right arrow curving down		
8	🔃	clockwise vertical arrows	refresh reload	
8	🔄	counterclockwise arrows button	again anticlockwise deja refresh rewindershins vu	
8	🔙	BACK arrow	back	
8	🔚	END arrow	end	
8	🔛	ON! arrow	mark on!	
8	🔜	SOON arrow	brb omw soon	
8	🔝	TOP arrow	homie top up	
8	🛐	place of worship	pray religion	
8	⚛️	atom symbol	atheist	
8	🕉️	om	hindu religion	
8	✡️	star of David	david jew jewish judaism religion	
8	☸️	wheel of dharma	buddhist religion	
8	☯️	yin yang	difficult lives religion tao taoist total yinyang	
8	✝️	latin cross	christ christian religion	
8	☦️	orthodox cross	christian religion	
8	☪️	star and crescent	islam muslim ramadan religion	
8	☮️	peace symbol	healing peaceful	
8	🕎	menorah	candelabrum candlestick hanukkah jewish judaism religion	
8	🔯	dotted six-pointed star	fortune jewish judaism	
8	🪯	khanda	deg fateh khalsa religion sikh sikhism tegh	
8	♈️	Aries	aries horoscope ram zodiac	
8	♉️	Taurus	bull horoscope ox taurus zodiac	
8	♊️	Gemini	gemini horoscope twins zodiac	
8	♋️	Cancer	cancer crab horoscope zodiac	
8	♌️	Leo	horoscope leo lion zodiac	
8	♍️	Virgo	horoscope virgo zodiac	
8	♎️	Libra	balance horoscope justice libra scales zodiac	
8	♏️	Scorpio	horoscope scorpio scorpion scorpius zodiac	
8	♐️	Sagittarius	archer horoscope sagittarius zodiac	
8	♑️	Capricorn	capricorn goat horoscope zodiac	
8	♒️	Aquarius	aquarius bearer horoscope water zodiac	
8	♓️	Pisces	fish horoscope pisces zodiac	
8	⛎️	Ophiuchus	bearer ophiuchus serpent snake zodiac	
8	🔀	shuffle tracks button	arrow crossed	
8	🔁	repeat button	arrow clockwise	
8	🔂	repeat single button	arrow clockwise once	
8	▶️	play button	arrow right triangle	
8	⏩️	fast-forward button	arrow double	
8	⏭️	next track button	arrow scene triangle	
8	⏯️	play or pause button	arrow right triangle	
8	◀️	reverse button	arrow left triangle	
8	⏪️	fast reverse button	arrow double rewind	
8	⏮️	last track button	arrow previous scene triangle	
8	🔼	upwards button	arrow red	
8	⏫️	fast up button	arrow double	
8	🔽	downwards button	arrow red	
8	⏬️	fast down button	arrow double	
8	⏸️	pause button	bar double vertical	
8	⏹️	stop button	square	
8	⏺️	record button	circle	
8	⏏️	eject button		
8	🎦	cinema	camera film movie	
8	🔅	dim button	brightness low	
8	🔆	bright button	brightness light	
8	📶	antenna bars	cell communication mobile phone signal telephone	
8	🛜	wireless	broadband computer connectivity hotspot internet network router smartphone wi-fi wifi wlan	
8	📳	vibration mode	cell communication mobile phone telephone	
8	📴	mobile phone off	cell telephone	
8	♀️	female sign	woman	
8	♂️	male sign	man	
8	⚧️	transgender symbol		
8	✖️	multiply	cancel multiplication sign x ×	
8	➕️	plus	+	
8	➖️	minus	- heavy math sign −	
8	➗️	divide	division heavy math sign ÷	
8	🟰	heavy equals sign	answer equality math	
8	♾️	infinity	forever unbounded universal	
8	‼️	double exclamation mark	! !! bangbang punctuation	
8	⁉️	exclamation question mark	! !? ? interrobang punctuation	
8	❓️	red question mark	? punctuation	
8	❔️	white question mark	? outlined punctuation	
8	❕️	white exclamation mark	! outlined punctuation	
8	❗️	red exclamation mark	! punctuation	
8	〰️	wavy dash	punctuation	
8	💱	currency exchange	bank money	
8	💲	heavy dollar sign	billion cash charge currency million money pay	
8	⚕️	medical symbol	aesculapius medicine staff	
8	♻️	recycling symbol	recycle	
8	⚜️	fleur-de-lis	knights	
8	🔱	trident emblem	anchor poseidon ship tool	
8	📛	name badge		
8	🔰	Japanese symbol for beginner	chevron green japanese leaf tool yellow	
8	⭕️	hollow red circle	heavy large	
8	✅️	check mark button	checked checkmark complete completed done fixed tick ✓	
8	☑️	check box with check	ballot checked done off tick ✓	
8	✔️	check mark	checked checkmark done heavy tick ✓	
8	❌️	cross mark	cancel multiplication multiply x ×	
8	❎️	cross mark button	multiplication multiply square x ×	
8	➰️	curly loop		
8	➿️	double curly loop		
8	〽️	part alternation mark		
8	✳️	eight-spoked asterisk	*	
8	✴️	eight-pointed star	*	
8	❇️	sparkle	*	
8	©️	copyright		
8	®️	registered		
8	™️	trade mark	tm trademark	
8	🫟	splatter	drip holi ink liquid mess paint spill stain	
8	#️⃣	keycap: #		
8	*️⃣	keycap: *		
8	0️⃣	keycap: 0	zero	
8	1️⃣	keycap: 1	one	
8	2️⃣	keycap: 2	two	
8	3️⃣	keycap: 3	three	
8	4️⃣	keycap: 4	four	
8	5️⃣	keycap: 5	five	
8	6️⃣	keycap: 6	six	
8	7️⃣	keycap: 7	seven	
8	8️⃣	keycap: 8	eight	
8	9️⃣	keycap: 9	nine	
8	🔟	keycap: 10		
8	🔠	input latin uppercase	abcd letters	
8	🔡	input latin lowercase	abcd letters	
8	🔢	input numbers	1234	
8	🔣	input symbols	% & ♪ 〒	
8	🔤	input latin letters	abc alphabet	
8	🅰️	A button (blood type)		
8	🆎	AB button (blood type)	ab	
8	🅱️	B button (blood type)		
8	🆑	CL button	cl	
8	🆒	COOL button	cool	
8	🆓	FREE button	free	
8	ℹ️	information		
8	🆔	ID button	id identity	
8	Ⓜ️	circled M	m	
8	🆕	NEW button	new	
8	🆖	NG button	ng	
8	🅾️	O button (blood type)		
8	🆗	OK button	ok okay	
8	🅿️	P button	p parking	
8	🆘	SOS button	help sos	
8	🆙	UP! button	mark up up!	
8	🆚	VS button	versus vs	
8	🈁	Japanese “here” button	japanese katakana	
8	🈂️	Japanese “service charge” button	japanese katakana	
8	🈷️	Japanese “monthly amount” button	ideograph japanese	
8	🈶	Japanese “not free of charge” button	ideograph japanese	
8	🈯️	Japanese “reserved” button	ideograph japanese	
8	🉐	Japanese “bargain” button	ideograph japanese	
8	🈹	Japanese “discount” button	ideograph japanese	
8	🈚️	Japanese “free of charge” button	ideograph japanese	
8	🈲	Japanese “prohibited” button	ideograph japanese	
8	🉑	Japanese “acceptable” button	ideograph japanese	
8	🈸	Japanese “application” button	ideograph japanese	
8	🈴	Japanese “passing grade” button	ideograph japanese	
8	🈳	Japanese “vacancy” button	ideograph japanese	
8	㊗️	Japanese “congratulations” button	ideograph japanese	
8	㊙️	Japanese “secret” button	ideograph japanese	
8	🈺	Japanese “open for business” button	ideograph japanese	
8	🈵	Japanese “no vacancy” button	ideograph japanese	
8	🔴	red circle	geometric	
8	🟠	orange circle		
8	🟡	yellow circle		
8	🟢	green circle		
8	🔵	blue circle	geometric	
8	🟣	purple circle		
8	🟤	brown circle		
8	⚫️	black circle	geometric	
8	⚪️	white circle	geometric	
8	🟥	red square	card penalty	
8	🟧	orange square		
8	🟨	yellow square	card penalty	
8	🟩	green square		
8	🟦	blue square		
8	🟪	purple square		
8	🟫	brown square		
8	⬛️	black large square	geometric	
8	⬜️	white large square	geometric	
8	◼️	black medium square	geometric	
8	◻️	white medium square	geometric	
8	◾️	black medium-small square	geometric	
8	◽️	white medium-small square	geometric	
8	▪️	black small square	geometric	
8	▫️	white small square	geometric	
8	🔶	large orange diamond	geometric	
8	🔷	large blue diamond	geometric	
8	🔸	small orange diamond	geometric	
8	🔹	small blue diamond	geometric	
8	🔺	red triangle pointed up	geometric	
8	🔻	red triangle pointed down	geometric	
8	💠	diamond with a dot	comic geometric	
8	🔘	radio button	geometric	
8	🔳	white square button	geometric outlined	
8	🔲	black square button	geometric	
9	🏁	chequered flag	checkered finish flags game race racing sport win	
9	🚩	triangular flag	construction golf post	
9	🎌	crossed flags	celebration japanese	
9	🏴	black flag	waving	
9	🏳️	white flag	waving	
9	🏳️‍🌈	rainbow flag	bisexual gay genderqueer glbt glbtq lesbian lgbt lgbtq lgbtqia pride queer trans transgender	
9	🏳️‍⚧️	transgender flag	blue light pink white	
9	🏴‍☠️	pirate flag	jolly plunder roger treasure	
9	🇦🇨	flag: Ascension Island	AC	
9	🇦🇩	flag: Andorra	AD	
9	🇦🇪	flag: United Arab Emirates	AE	
9	🇦🇫	flag: Afghanistan	AF	
9	🇦🇬	flag: Antigua & Barbuda	AG	
9	🇦🇮	flag: Anguilla	AI	
9	🇦🇱	flag: Albania	AL	
9	🇦🇲	flag: Armenia	AM	
9	🇦🇴	flag: Angola	AO	
9	🇦🇶	flag: Antarctica	AQ	
9	🇦🇷	flag: Argentina	AR	
9	🇦🇸	flag: American Samoa	AS	
9	🇦🇹	flag: Austria	AT	
9	🇦🇺	flag: Australia	AU	
9	🇦🇼	flag: Aruba	AW	
9	🇦🇽	flag: Åland Islands	AX	
9	🇦🇿	flag: Azerbaijan	AZ	
9	🇧🇦	flag: Bosnia & Herzegovina	BA	
9	🇧🇧	flag: Barbados	BB	
9	🇧🇩	flag: Bangladesh	BD	
9	🇧🇪	flag: Belgium	BE	
9	🇧🇫	flag: Burkina Faso	BF	
9	🇧🇬	flag: Bulgaria	BG	
9	🇧🇭	flag: Bahrain	BH	
9	🇧🇮	flag: Burundi	BI	
9	🇧🇯	flag: Benin	BJ	
9	🇧🇱	flag: St. Barthélemy	BL	
9	🇧🇲	flag: Bermuda	BM	
9	🇧🇳	flag: Brunei	BN	
9	🇧🇴	flag: Bolivia	BO	
9	🇧🇶	flag: Caribbean Netherlands	BQ	
9	🇧🇷	flag: Brazil	BR	
9	🇧🇸	flag: Bahamas	BS	
9	🇧🇹	flag: Bhutan	BT	
9	🇧🇻	flag: Bouvet Island	BV	
9	🇧🇼	flag: Botswana	BW	
9	🇧🇾	flag: Belarus	BY	
9	🇧🇿	flag: Belize	BZ	
9	🇨🇦	flag: Canada	CA	
9	🇨🇨	flag: Cocos (Keeling) Islands	CC	
9	🇨🇩	flag: Congo - Kinshasa	CD	
9	🇨🇫	flag: Central African Republic	CF	
9	🇨🇬	flag: Congo - Brazzaville	CG	
9	🇨🇭	flag: Switzerland	CH	
9	🇨🇮	flag: Côte d’Ivoire	CI	
9	🇨🇰	flag: Cook Islands	CK	
9	🇨🇱	flag: Chile	CL	
9	🇨🇲	flag: Cameroon	CM	
9	🇨🇳	flag: China	CN	
9	🇨🇴	flag: Colombia	CO	
9	🇨🇵	flag: Clipperton Island	CP	
9	🇨🇶	flag: Sark	CQ	
9	🇨🇷	flag: Costa Rica	CR	
9	🇨🇺	flag: Cuba	CU	
9	🇨🇻	flag: Cape Verde	CV	
9	🇨🇼	flag: Curaçao	CW	
9	🇨🇽	flag: Christmas Island	CX	
9	🇨🇾	flag: Cyprus	CY	
9	🇨🇿	flag: Czechia	CZ	
9	🇩🇪	flag: Germany	DE	
9	🇩🇬	flag: Diego Garcia	DG	
9	🇩🇯	flag: Djibouti	DJ	
9	🇩🇰	flag: Denmark	DK	
9	🇩🇲	flag: Dominica	DM	
9	🇩🇴	flag: Dominican Republic	DO	
9	🇩🇿	flag: Algeria	DZ	
9	🇪🇦	flag: Ceuta & Melilla	EA	
9	🇪🇨	flag: Ecuador	EC	
9	🇪🇪	flag: Estonia	EE	
9	🇪🇬	flag: Egypt	EG	
9	🇪🇭	flag: Western Sahara	EH	
9	🇪🇷	flag: Eritrea	ER	
9	🇪🇸	flag: Spain	ES	
9	🇪🇹	flag: Ethiopia	ET	
9	🇪🇺	flag: European Union	EU	
9	🇫🇮	flag: Finland	FI	
9	🇫🇯	flag: Fiji	FJ	
9	🇫🇰	flag: Falkland Islands	FK	
9	🇫🇲	flag: Micronesia	FM	
9	🇫🇴	flag: Faroe Islands	FO	
9	🇫🇷	flag: France	FR	
9	🇬🇦	flag: Gabon	GA	
9	🇬🇧	flag: United Kingdom	GB	
9	🇬🇩	flag: Grenada	GD	
9	🇬🇪	flag: Georgia	GE	
9	🇬🇫	flag: French Guiana	GF	
9	🇬🇬	flag: Guernsey	GG	
9	🇬🇭	flag: Ghana	GH	
9	🇬🇮	flag: Gibraltar	GI	
9	🇬🇱	flag: Greenland	GL	
9	🇬🇲	flag: Gambia	GM	
9	🇬🇳	flag: Guinea	GN	
9	🇬🇵	flag: Guadeloupe	GP	
9	🇬🇶	flag: Equatorial Guinea	GQ	
9	🇬🇷	flag: Greece	GR	
9	🇬🇸	flag: South Georgia & South Sandwich Islands	GS	
9	🇬🇹	flag: Guatemala	GT	
9	🇬🇺	flag: Guam	GU	
9	🇬🇼	flag: Guinea-Bissau	GW	
9	🇬🇾	flag: Guyana	GY	
9	🇭🇰	flag: Hong Kong SAR China	HK	
9	🇭🇲	flag: Heard & McDonald Islands	HM	
9	🇭🇳	flag: Honduras	HN	
9	🇭🇷	flag: Croatia	HR	
9	🇭🇹	flag: Haiti	HT	
9	🇭🇺	flag: Hungary	HU	
9	🇮🇨	flag: Canary Islands	IC	
9	🇮🇩	flag: Indonesia	ID	
9	🇮🇪	flag: Ireland	IE	
9	🇮🇱	flag: Israel	IL	
9	🇮🇲	flag: Isle of Man	IM	
9	🇮🇳	flag: India	IN	
9	🇮🇴	flag: British Indian Ocean Territory	IO	
9	🇮🇶	flag: Iraq	IQ	
9	🇮🇷	flag: Iran	IR	
9	🇮🇸	flag: Iceland	IS	
9	🇮🇹	flag: Italy	IT	
9	🇯🇪	flag: Jersey	JE	
9	🇯🇲	flag: Jamaica	JM	
9	🇯🇴	flag: Jordan	JO	
9	🇯🇵	flag: Japan	JP	
9	🇰🇪	flag: Kenya	KE	
9	🇰🇬	flag: Kyrgyzstan	KG	
9	🇰🇭	flag: Cambodia	KH	
9	🇰🇮	flag: Kiribati	KI	
9	🇰🇲	flag: Comoros	KM	
9	🇰🇳	flag: St. Kitts & Nevis	KN	
9	🇰🇵	flag: North Korea	KP	
9	🇰🇷	flag: South Korea	KR	
9	🇰🇼	flag: Kuwait	KW	
9	🇰🇾	flag: Cayman Islands	KY	
9	🇰🇿	flag: Kazakhstan	KZ	
9	🇱🇦	flag: Laos	LA	
9	🇱🇧	flag: Lebanon	LB	
9	🇱🇨	flag: St. Lucia	LC	
9	🇱🇮	flag: Liechtenstein	LI	
9	🇱🇰	flag: Sri Lanka	LK	
9	🇱🇷	flag: Liberia	LR	
9	🇱🇸	flag: Lesotho	LS	
9	🇱🇹	flag: Lithuania	LT	
9	🇱🇺	flag: Luxembourg	LU	
9	🇱🇻	flag: Latvia	LV	
9	🇱🇾	flag: Libya	LY	
9	🇲🇦	flag: Morocco	MA	
9	🇲🇨	flag: Monaco	MC	
9	🇲🇩	flag: Moldova	MD	
9	🇲🇪	flag: Montenegro	ME	
9	🇲🇫	flag: St. Martin	MF	
9	🇲🇬	flag: Madagascar	MG	
9	🇲🇭	flag: Marshall Islands	MH	
9	🇲🇰	flag: North Macedonia	MK	
9	🇲🇱	flag: Mali	ML	
9	🇲🇲	flag: Myanmar (Burma)	MM	
9	🇲🇳	flag: Mongolia	MN	
9	🇲🇴	flag: Macao SAR China	MO	
9	🇲🇵	flag: Northern Mariana Islands	MP	
9	🇲🇶	flag: Martinique	MQ	
9	🇲🇷	flag: Mauritania	MR	
9	🇲🇸	flag: Montserrat	MS	
9	🇲🇹	flag: Malta	MT	
9	🇲🇺	flag: Mauritius	MU	
9	🇲🇻	flag: Maldives	MV	
9	🇲🇼	flag: Malawi	MW	
9	🇲🇽	flag: Mexico	MX	
9	🇲🇾	flag: Malaysia	MY	
9	🇲🇿	flag: Mozambique	MZ	
9	🇳🇦	flag: Namibia	NA	
9	🇳🇨	flag: New Caledonia	NC	
9	🇳🇪	flag: Niger	NE	
9	🇳🇫	flag: Norfolk Island	NF	
9	🇳🇬	flag: Nigeria	NG	
9	🇳🇮	flag: Nicaragua	NI	
9	🇳🇱	flag: Netherlands	NL	
9	🇳🇴	flag: Norway	NO	
9	🇳🇵	flag: Nepal	NP	
9	🇳🇷	flag: Nauru	NR	
9	🇳🇺	flag: Niue	NU	
9	🇳🇿	flag: New Zealand	NZ	
9	🇴🇲	flag: Oman	OM	
9	🇵🇦	flag: Panama	PA	
9	🇵🇪	flag: Peru	PE	
9	🇵🇫	flag: French Polynesia	PF	
9	🇵🇬	flag: Papua New Guinea	PG	
9	🇵🇭	flag: Philippines	PH	
9	🇵🇰	flag: Pakistan	PK	
9	🇵🇱	flag: Poland	PL	
9	🇵🇲	flag: St. Pierre & Miquelon	PM	
9	🇵🇳	flag: Pitcairn Islands	PN	
9	🇵🇷	flag: Puerto Rico	PR	
9	🇵🇸	flag: Palestinian Territories	PS	
9	🇵🇹	flag: Portugal	PT	
9	🇵🇼	flag: Palau	PW	
9	🇵🇾	flag: Paraguay	PY	
9	🇶🇦	flag: Qatar	QA	
9	🇷🇪	flag: Réunion	RE	
9	🇷🇴	flag: Romania	RO	
9	🇷🇸	flag: Serbia	RS	
9	🇷🇺	flag: Russia	RU	
9	🇷🇼	flag: Rwanda	RW	
9	🇸🇦	flag: Saudi Arabia	SA	
9	🇸🇧	flag: Solomon Islands	SB	
9	🇸🇨	flag: Seychelles	SC	
9	🇸🇩	flag: Sudan	SD	
9	🇸🇪	flag: Sweden	SE	
9	🇸🇬	flag: Singapore	SG	
9	🇸🇭	flag: St. Helena	SH	
9	🇸🇮	flag: Slovenia	SI	
9	🇸🇯	flag: Svalbard & Jan Mayen	SJ	
9	🇸🇰	flag: Slovakia	SK	
9	🇸🇱	flag: Sierra Leone	SL	
9	🇸🇲	flag: San Marino	SM	
9	🇸🇳	flag: Senegal	SN	
9	🇸🇴	flag: Somalia	SO	
9	🇸🇷	flag: Suriname	SR	
9	🇸🇸	flag: South Sudan	SS	
9	🇸🇹	flag: São Tomé & Príncipe	ST	
9	🇸🇻	flag: El Salvador	SV	
9	🇸🇽	flag: Sint Maarten	SX	
9	🇸🇾	flag: Syria	SY	
9	🇸🇿	flag: Eswatini	SZ	
9	🇹🇦	flag: Tristan da Cunha	TA	
9	🇹🇨	flag: Turks & Caicos Islands	TC	
9	🇹🇩	flag: Chad	TD	
9	🇹🇫	flag: French Southern Territories	TF	
9	🇹🇬	flag: Togo	TG	
9	🇹🇭	flag: Thailand	TH	
9	🇹🇯	flag: Tajikistan	TJ	
9	🇹🇰	flag: Tokelau	TK	
9	🇹🇱	flag: Timor-Leste	TL	
9	🇹🇲	flag: Turkmenistan	TM	
9	🇹🇳	flag: Tunisia	TN	
9	🇹🇴	flag: Tonga	TO	
9	🇹🇷	flag: Türkiye	TR	
9	🇹🇹	flag: Trinidad & Tobago	TT	
9	🇹🇻	flag: Tuvalu	TV	
9	🇹🇼	flag: Taiwan	TW	
9	🇹🇿	flag: Tanzania	TZ	
9	🇺🇦	flag: Ukraine	UA	
9	🇺🇬	flag: Uganda	UG	
9	🇺🇲	flag: U.S. Outlying Islands	UM	
9	🇺🇳	flag: United Nations	UN	
9	🇺🇸	flag: United States	US	
9	🇺🇾	flag: Uruguay	UY	
9	🇺🇿	flag: Uzbekistan	UZ	
9	🇻🇦	flag: Vatican City	VA	
9	🇻🇨	flag: St. Vincent & Grenadines	VC	
9	🇻🇪	flag: Venezuela	VE	
9	🇻🇬	flag: British Virgin Islands	VG	
9	🇻🇮	flag: U.S. Virgin Islands	VI	
9	🇻🇳	flag: Vietnam	VN	
9	🇻🇺	flag: Vanuatu	VU	
9	🇼🇫	flag: Wallis & Futuna	WF	
9	🇼🇸	flag: Samoa	WS	
9	🇽🇰	flag: Kosovo	XK	
9	🇾🇪	flag: Yemen	YE	
9	🇾🇹	flag: Mayotte	YT	
9	🇿🇦	flag: South Africa	ZA	
9	🇿🇲	flag: Zambia	ZM	
9	🇿🇼	flag: Zimbabwe	ZW	
9	🏴󠁧󠁢󠁥󠁮󠁧󠁿	flag: England	gbeng	
9	🏴󠁧󠁢󠁳󠁣󠁴󠁿	flag: Scotland	gbsct	
9	🏴󠁧󠁢󠁷󠁬󠁳󠁿	flag: Wales	gbwls	`;
